//! The program that counts allocations. Its times mean nothing: every allocation takes a lock and walks the
//! stack.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

fn main() -> ExitCode {
    verikit_bench::main(verikit_bench::Allocator::Counting)
}
