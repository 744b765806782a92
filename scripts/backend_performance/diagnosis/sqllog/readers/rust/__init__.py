"""Logs of Rust's database libraries."""
