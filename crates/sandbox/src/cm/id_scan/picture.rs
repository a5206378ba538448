//! Small pictures of documents and faces, drawn and encoded here. Nobody is on them.

use bytes::Bytes;

/// What a file looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) motif: Motif,
    pub(super) redacted: Redacted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Motif {
    /// A page with a portrait, lines of text and a machine-readable zone.
    Passport,
    CardFront,
    CardBack,
    Portrait,
    /// Nothing that could be recognised.
    Blur,
}

/// What is masked: the two fields that the contract has seen in `redactFields` (4.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Redacted {
    pub(super) personal_number: bool,
    pub(super) signature: bool,
}

/// Indexes into the palette.
#[derive(Clone, Copy)]
enum Ink {
    Desk = 0,
    Paper = 1,
    Text = 2,
    Face = 3,
    Mask = 4,
    Haze = 5,
}

const PALETTE: [[u8; 3]; 6] = [
    [96, 104, 112],
    [238, 232, 214],
    [58, 64, 96],
    [176, 140, 118],
    [0, 0, 0],
    [150, 152, 150],
];

/// Columns from, lines from, columns to, lines to; the ends are not part of it.
type Area = [usize; 4];

const PERSONAL_NUMBER: Area = [62, 48, 118, 53];
const SIGNATURE: Area = [62, 60, 104, 68];

struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Canvas {
    fn new(width: usize, height: usize, ink: Ink) -> Self {
        Self {
            width,
            height,
            pixels: vec![ink as u8; width * height],
        }
    }

    fn draw(&mut self, ink: Ink, covers: impl Fn(usize, usize) -> bool) {
        for (line, pixels) in self.pixels.chunks_exact_mut(self.width).enumerate() {
            for (column, pixel) in pixels.iter_mut().enumerate() {
                if covers(column, line) {
                    *pixel = ink as u8;
                }
            }
        }
    }

    fn fill(&mut self, ink: Ink, [left, top, right, bottom]: Area) {
        self.draw(ink, |column, line| {
            (left..right).contains(&column) && (top..bottom).contains(&line)
        });
    }

    /// Strokes of writing: the gaps between them tell it from a mask.
    fn write(&mut self, [left, top, right, bottom]: Area) {
        self.draw(Ink::Text, |column, line| {
            (left..right).contains(&column) && (top..bottom).contains(&line) && (column * 7 + line) % 5 < 3
        });
    }

    /// A head and shoulders in the given box.
    fn face(&mut self, [left, top, right, bottom]: Area) {
        let (middle, height) = (usize::midpoint(left, right), bottom - top);
        let head = top + height * 2 / 5;
        let within = move |column: usize, line: usize, at: usize, radius: usize| {
            column.abs_diff(middle).pow(2) + line.abs_diff(at).pow(2) < radius.pow(2)
        };
        self.draw(Ink::Face, |column, line| {
            line < bottom
                && (within(column, line, head, height / 4) || within(column, line, bottom, height * 2 / 5))
        });
    }
}

impl Picture {
    /// With nothing masked.
    pub(super) fn plain(motif: Motif) -> Self {
        Self {
            motif,
            redacted: Redacted::default(),
        }
    }

    pub(super) fn png(self) -> Bytes {
        let canvas = match self.motif {
            Motif::Passport => self.document(true),
            Motif::CardFront => self.document(false),
            Motif::CardBack => {
                let mut canvas = sheet();
                for line in 0..6 {
                    canvas.write([14, 18 + line * 11, 140, 22 + line * 11]);
                }
                canvas
            }
            Motif::Portrait => {
                let mut canvas = Canvas::new(72, 96, Ink::Paper);
                canvas.face([0, 0, 72, 96]);
                canvas
            }
            Motif::Blur => {
                let mut canvas = Canvas::new(160, 104, Ink::Desk);
                canvas.draw(Ink::Haze, |column, line| (column / 9 + line / 7) % 3 == 0);
                canvas
            }
        };
        encoded(&canvas)
    }

    fn document(self, has_machine_readable_zone: bool) -> Canvas {
        let mut canvas = sheet();
        canvas.face([14, 16, 54, 66]);
        for line in 0..3 {
            canvas.write([62, 18 + line * 9, 130, 22 + line * 9]);
        }
        canvas.write(PERSONAL_NUMBER);
        canvas.write(SIGNATURE);
        if has_machine_readable_zone {
            canvas.write([10, 78, 150, 83]);
            canvas.write([10, 87, 150, 92]);
        }
        for (is_redacted, area) in [
            (self.redacted.personal_number, PERSONAL_NUMBER),
            (self.redacted.signature, SIGNATURE),
        ] {
            if is_redacted {
                canvas.fill(Ink::Mask, area);
            }
        }
        canvas
    }
}

/// A sheet on a desk.
fn sheet() -> Canvas {
    let mut canvas = Canvas::new(160, 104, Ink::Desk);
    canvas.fill(Ink::Paper, [5, 5, 155, 99]);
    canvas
}

/// A PNG with a palette, eight bits a pixel. The pixels are stored without compression: that takes no code,
/// and the pictures are small.
fn encoded(canvas: &Canvas) -> Bytes {
    let mut header = Vec::with_capacity(13);
    header.extend(word(canvas.width));
    header.extend(word(canvas.height));
    // Eight bits, a palette, and the only methods there are; not interlaced.
    header.extend([8, 3, 0, 0, 0]);

    let mut lines = Vec::with_capacity(canvas.pixels.len() + canvas.height);
    for line in canvas.pixels.chunks_exact(canvas.width) {
        // Each line begins with its filter: none.
        lines.push(0);
        lines.extend_from_slice(line);
    }

    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut png, b"IHDR", &header);
    chunk(&mut png, b"PLTE", PALETTE.as_flattened());
    chunk(&mut png, b"IDAT", &stored(&lines));
    chunk(&mut png, b"IEND", &[]);
    png.into()
}

fn chunk(png: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    png.extend(word(data.len()));
    png.extend_from_slice(name);
    png.extend_from_slice(data);
    png.extend(crc(name.iter().chain(data)).to_be_bytes());
}

/// A zlib stream of stored blocks (RFC 1950 and RFC 1951, 3.2.4).
fn stored(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let mut blocks = data.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend_from_slice(block);
    }
    stream.extend(adler(data).to_be_bytes());
    stream
}

fn word(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()
}

fn adler(data: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    let (low, high) = data.iter().fold((1, 0), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % MODULUS;
        (low, (high + low) % MODULUS)
    });
    high << 16 | low
}

fn crc<'a>(data: impl Iterator<Item = &'a u8>) -> u32 {
    !data.fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 0 {
                crc >> 1
            } else {
                crc >> 1 ^ 0xedb8_8320
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes a PNG of this file's kind apart, checksums and all: its size and its pixels.
    fn decoded(png: &[u8]) -> (usize, usize, Vec<u8>) {
        let mut rest = png.strip_prefix(b"\x89PNG\r\n\x1a\n").unwrap();
        let mut chunks = Vec::new();
        while !rest.is_empty() {
            let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
            let (name, data) = (&rest[4..8], &rest[8..8 + length]);
            let sum = u32::from_be_bytes(rest[8 + length..12 + length].try_into().unwrap());
            assert_eq!(sum, crc(rest[4..8 + length].iter()));
            chunks.push((name, data));
            rest = &rest[12 + length..];
        }
        let names: Vec<_> = chunks.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, [b"IHDR", b"PLTE", b"IDAT", b"IEND"]);
        let number = |at: usize| u32::from_be_bytes(chunks[0].1[at..at + 4].try_into().unwrap()) as usize;
        let (width, height) = (number(0), number(4));
        let stream = chunks[2].1;
        // One stored block is enough for these sizes.
        assert_eq!(stream[..3], [0x78, 0x01, 1]);
        let data = &stream[7..stream.len() - 4];
        assert_eq!(
            usize::from(u16::from_le_bytes(stream[3..5].try_into().unwrap())),
            data.len()
        );
        assert_eq!(stream[stream.len() - 4..], adler(data).to_be_bytes());
        let pixels = data
            .chunks_exact(width + 1)
            .flat_map(|line| line[1..].to_vec())
            .collect::<Vec<_>>();
        assert_eq!(pixels.len(), width * height);
        (width, height, pixels)
    }

    #[test]
    fn checksums_are_the_published_ones() {
        // The check values of CRC-32 and Adler-32.
        assert_eq!(crc(b"123456789".iter()), 0xcbf4_3926);
        assert_eq!(adler(b"Wikipedia"), 0x11e6_0398);
    }

    #[test]
    fn every_motif_is_a_picture_of_its_own() {
        let all = [
            Motif::Passport,
            Motif::CardFront,
            Motif::CardBack,
            Motif::Portrait,
            Motif::Blur,
        ];
        for (at, motif) in all.into_iter().enumerate() {
            let (width, height, pixels) = decoded(&Picture::plain(motif).png());
            assert!(pixels.iter().all(|pixel| usize::from(*pixel) < PALETTE.len()));
            assert!(width >= 72 && height >= 96, "{motif:?}");
            for other in &all[at + 1..] {
                assert_ne!(Picture::plain(motif).png(), Picture::plain(*other).png());
            }
        }
    }

    #[test]
    fn what_is_redacted_is_black_and_nothing_else_changes() {
        let (width, _, plain) = decoded(&Picture::plain(Motif::Passport).png());
        let redacted = Picture {
            motif: Motif::Passport,
            redacted: Redacted {
                personal_number: true,
                signature: false,
            },
        };
        let (_, _, masked) = decoded(&redacted.png());
        let [left, top, right, bottom] = PERSONAL_NUMBER;
        for (at, (before, after)) in plain.iter().zip(&masked).enumerate() {
            let (column, line) = (at % width, at / width);
            if (left..right).contains(&column) && (top..bottom).contains(&line) {
                assert_eq!(*after, Ink::Mask as u8);
            } else {
                assert_eq!(before, after);
            }
        }
    }

    #[test]
    fn more_than_one_block_is_stored_whole() {
        let data = vec![7; 70_000];
        let stream = stored(&data);
        assert_eq!(stream.len(), 2 + 5 + 65_535 + 5 + 4_465 + 4);
        assert_eq!((stream[2], stream[2 + 5 + 65_535]), (0, 1));
    }
}
