"""What a person can do, as functions: values in, values out, no terminal."""
