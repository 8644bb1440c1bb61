"""Which layer of the policies keeps out what a control forbids."""
