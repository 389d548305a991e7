module rung.invalid/web

go 1.26.0
