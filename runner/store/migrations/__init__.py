"""How databases of older Rungs get to the schema that `tables` describes."""
