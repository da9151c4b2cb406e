//! The part of `estimate` that replays llama.cpp's graphs.

#[path = "../../src/estimate/llama/mod.rs"]
pub mod llama;
