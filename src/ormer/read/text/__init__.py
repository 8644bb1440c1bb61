"""JSON and YAML -> plain values, strictly, whatever they mean; and how an error says it."""
