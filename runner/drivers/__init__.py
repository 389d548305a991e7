"""Drivers provide machines and clusters: `base` says what a driver offers, `registry` picks one."""
