//! The command `edgeplanc`. All it may do is hand over to the library's command line.

fn main() {}
