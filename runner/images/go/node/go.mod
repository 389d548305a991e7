module rung.invalid/node

go 1.26.0
