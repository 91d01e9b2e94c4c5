// Crashes of Rust firmware without ESP-IDF, one for each value of CRASH: what the decoder's tests of
// signatures compare. `regenerate` makes the ELFs and `dumps` of it.
#![no_std]
#![no_main]

use core::arch::global_asm;
use core::sync::atomic::{AtomicU32, Ordering};

// Another build: lines moved, an implementation more in front of the others.
#[cfg(shifted)]
struct Padding;
#[cfg(shifted)]
impl Driver for Padding {
    fn read(&self, channel: u32) -> u32 {
        channel * 3
    }
}

#[no_mangle]
static CRASH: AtomicU32 = AtomicU32::new(0);
static SINK: AtomicU32 = AtomicU32::new(0);
#[no_mangle]
static mut STACK: [u128; 128] = [0; 128];

global_asm!(
    ".globl _start",
    "_start:",
    ".cfi_startproc",
    ".cfi_undefined ra",
    "la sp, STACK + 2048",
    "call app_main",
    "ebreak",
    ".cfi_endproc"
);

#[inline(never)]
fn sample() -> u32 {
    SINK.load(Ordering::Relaxed)
}

trait Driver {
    fn read(&self, channel: u32) -> u32;
}

struct Thermometer {
    offsets: [u32; 4],
}
struct Relay {
    states: [u32; 4],
}

impl Driver for Thermometer {
    #[inline(never)]
    fn read(&self, channel: u32) -> u32 {
        self.offsets[(channel + sample()) as usize] + sample()
    }
}
impl Driver for Relay {
    #[inline(never)]
    fn read(&self, channel: u32) -> u32 {
        self.states[(channel + sample()) as usize] - sample()
    }
}

struct Ring<const SIZE: usize> {
    items: [u32; SIZE],
}
impl<const SIZE: usize> Ring<SIZE> {
    #[inline(never)]
    fn push(&mut self, item: u32) -> u32 {
        let nowhere = SINK.load(Ordering::Relaxed) as *mut u32;
        unsafe { nowhere.write_volatile(item) };
        self.items[0] + item
    }
}

#[inline(never)]
fn configure(channel: u32) -> u32 {
    let find = |n: u32| if n < sample() { Some(n) } else { None };
    find(channel).unwrap() + find(channel + 1).expect("a channel")
}

/// Of a generic function and of an implementation of a generic trait.
trait Scale<T> {
    fn scale(&self, by: T) -> u32;
}
impl Scale<u8> for Relay {
    #[inline(never)]
    fn scale(&self, by: u8) -> u32 {
        self.states[(by as u32 + sample()) as usize] + sample()
    }
}
#[inline(never)]
fn scaled<T: Copy>(driver: &dyn Scale<T>, by: T) -> u32 {
    driver.scale(by) + sample()
}

/// What calls nothing but a panic keeps no return address when it is optimized.
#[inline(never)]
fn check(channel: u32) -> u32 {
    if channel > 3 {
        panic!();
    }
    channel
}
#[inline(never)]
fn check_all(channel: u32) -> u32 {
    check(channel) + check(channel + 1)
}

#[inline(never)]
fn poll(driver: &dyn Driver) -> u32 {
    driver.read(7) + sample()
}

#[no_mangle]
extern "C" fn app_main() -> u32 {
    let result = match CRASH.load(Ordering::Relaxed) {
        1 => poll(&Thermometer { offsets: [1, 2, 3, 4] }),
        2 => poll(&Relay { states: [5, 6, 7, 8] }),
        3 => configure(3),
        4 => Ring { items: [1; 4] }.push(5),
        5 => Ring { items: [2; 8] }.push(6),
        6 => scaled(&Relay { states: [9; 4] }, 9u8),
        7 => check_all(7),
        _ => 0,
    };
    SINK.store(result, Ordering::Relaxed);
    result
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    let nowhere = core::ptr::null_mut::<u32>();
    loop {
        unsafe { nowhere.write_volatile(SINK.load(Ordering::Relaxed)) };
    }
}
