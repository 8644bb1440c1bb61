"""The decision where parts of the request or the policies are not known: certain, or Unknown."""
