//! Small JPEG pictures: real ones, so that whatever opens what was downloaded can show it.

/// Samples along each side of a JPEG block; a block of one shade is one letter of a drawing.
const BLOCK: u16 = 8;

/// The standard table of brightness differences (ITU-T T.81, table K.3): how many codes have 1 to 16 bits,
/// and what they stand for.
const DC_BITS: [u8; 16] = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const DC_VALUES: [u8; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
/// Nothing finer than a block is drawn: the only code says that the rest of the block is flat.
const AC_BITS: [u8; 16] = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const AC_VALUES: [u8; 1] = [0];
/// The quantisation of the mean brightness: 8 makes one step of it one of 256 shades.
const STEP: u8 = 8;

/// A grayscale JPEG with a block for every character: `#` is black, `+` gray, anything else white. All lines
/// have the length of the first.
pub(super) fn jpeg(drawing: &str) -> Vec<u8> {
    let lines: Vec<&[u8]> = drawing.lines().map(str::as_bytes).collect();
    let columns = lines.first().map_or(0, |line| line.len());
    let mut bytes = vec![0xff, 0xd8];
    segment(&mut bytes, 0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    let mut quantisation = [1; 65];
    quantisation[0] = 0;
    quantisation[1] = STEP;
    segment(&mut bytes, 0xdb, &quantisation);
    let [high, low] = size(lines.len());
    let [wide_high, wide_low] = size(columns);
    segment(
        &mut bytes,
        0xc0,
        &[8, high, low, wide_high, wide_low, 1, 1, 0x11, 0],
    );
    segment(&mut bytes, 0xc4, &[&[0x00], &DC_BITS[..], &DC_VALUES].concat());
    segment(&mut bytes, 0xc4, &[&[0x10], &AC_BITS[..], &AC_VALUES].concat());
    segment(&mut bytes, 0xda, &[1, 1, 0x00, 0, 63, 0]);

    let mut scan = Bits::default();
    let mut last = 0;
    for line in &lines {
        for column in 0..columns {
            let shade = shade(line.get(column).copied());
            difference(&mut scan, shade - last);
            // The flat rest: the only code of its table.
            scan.push(0, 1);
            last = shade;
        }
    }
    bytes.extend(scan.into_bytes());
    bytes.extend([0xff, 0xd9]);
    bytes
}

fn segment(bytes: &mut Vec<u8>, marker: u8, payload: &[u8]) {
    let length = u16::try_from(payload.len() + 2).unwrap_or(u16::MAX);
    bytes.extend([0xff, marker]);
    bytes.extend(length.to_be_bytes());
    bytes.extend(payload);
}

/// The samples of so many blocks.
fn size(blocks: usize) -> [u8; 2] {
    u16::try_from(blocks)
        .unwrap_or(0)
        .saturating_mul(BLOCK)
        .to_be_bytes()
}

/// The mean brightness of a block, around 0.
fn shade(character: Option<u8>) -> i16 {
    match character {
        Some(b'#') => -128,
        Some(b'+') => 0,
        _ => 127,
    }
}

/// Writes how much brighter a block is than the one before it.
fn difference(scan: &mut Bits, difference: i16) {
    let size = 16 - difference.unsigned_abs().leading_zeros();
    // Code lengths and codes of table K.3: 00, 010 ... 110, 1110, 11110, ...
    let (code, length) = match size {
        0 => (0b00, 2),
        1..=5 => (size + 1, 3),
        larger => ((1 << (larger - 2)) - 2, larger - 2),
    };
    scan.push(code, length);
    // Negative numbers are written as one less, in as many bits.
    let value = if difference < 0 {
        difference - 1
    } else {
        difference
    };
    scan.push(u32::from(value.cast_unsigned()) & ((1 << size) - 1), size);
}

/// Bits from the highest to the lowest.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    waiting: u32,
    count: u32,
}

impl Bits {
    fn push(&mut self, bits: u32, count: u32) {
        for position in (0..count).rev() {
            self.waiting = self.waiting << 1 | (bits >> position & 1);
            self.count += 1;
            if self.count == 8 {
                let byte = u8::try_from(self.waiting).unwrap_or_default();
                self.bytes.push(byte);
                if byte == 0xff {
                    // Within the picture, 255 is no marker.
                    self.bytes.push(0);
                }
                (self.waiting, self.count) = (0, 0);
            }
        }
    }

    /// Filled up with ones.
    fn into_bytes(mut self) -> Vec<u8> {
        while self.count != 0 {
            self.push(1, 1);
        }
        self.bytes
    }
}

/// An AVI file that shows JPEG pictures of one size one after another, `rate` a second.
pub(super) fn avi(pictures: &[Vec<u8>], width: u16, height: u16, rate: u32) -> Vec<u8> {
    let frames = u32::try_from(pictures.len()).unwrap_or(0);
    let (wide, high) = (u32::from(width), u32::from(height));
    let largest = pictures.iter().map(Vec::len).max().unwrap_or(0);
    let largest = u32::try_from(largest).unwrap_or(0);
    // The main header (AVIMAINHEADER), with the flag for an index; the stream's (AVISTREAMHEADER); its format
    // (BITMAPINFOHEADER).
    let main = words(&[
        1_000_000 / rate.max(1),
        largest * rate,
        0,
        0x10,
        frames,
        0,
        1,
        largest,
        wide,
        high,
        0,
        0,
        0,
        0,
    ]);
    let mut stream = b"vidsMJPG".to_vec();
    stream.extend(words(&[0, 0, 0, 1, rate, 0, frames, largest, u32::MAX, 0]));
    stream.extend(
        [0, 0, 0, 0]
            .into_iter()
            .chain(width.to_le_bytes())
            .chain(height.to_le_bytes()),
    );
    let mut format = words(&[40, wide, high, 0x0018_0001]);
    format.extend(b"MJPG");
    format.extend(words(&[wide * high * 3, 0, 0, 0, 0]));
    let stream = list(
        b"strl",
        &[chunk(b"strh", &stream), chunk(b"strf", &format)].concat(),
    );
    let header = list(b"hdrl", &[chunk(b"avih", &main), stream].concat());

    let mut movie = Vec::new();
    let mut index = Vec::new();
    for picture in pictures {
        // Offsets count from the word "movi".
        let offset = u32::try_from(movie.len() + 4).unwrap_or(0);
        index.extend(b"00dc");
        index.extend(words(&[0x10, offset, u32::try_from(picture.len()).unwrap_or(0)]));
        movie.extend(chunk(b"00dc", picture));
    }
    let body = [header, list(b"movi", &movie), chunk(b"idx1", &index)].concat();
    let mut file = b"AVI ".to_vec();
    file.extend(body);
    chunk(b"RIFF", &file)
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn list(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    chunk(b"LIST", &[kind, body].concat())
}

/// Chunks have an even length; the filling does not count.
fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or(0);
    let mut chunk = [name, &length.to_le_bytes(), body].concat();
    if body.len() % 2 == 1 {
        chunk.push(0);
    }
    chunk
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked out by hand from table K.3: the differences -128 and 128, each with its flat rest.
    #[test]
    fn blocks_are_coded_as_the_standard_has_it() {
        let picture = jpeg("#+");
        let scan = [0b1111_1001, 0b1111_1101, 0b1111_0100, 0b0000_0011, 0xff, 0xd9];
        assert!(picture.ends_with(&scan), "{picture:x?}");
        // 8 samples high, 16 wide, one component.
        let frame = [0xff, 0xc0, 0, 11, 8, 0, 8, 0, 16, 1, 1, 0x11, 0];
        assert!(picture.windows(frame.len()).any(|window| window == frame));
        // No difference is the code 00, and the filling is ones.
        assert!(jpeg("+").ends_with(&[0b0001_1111, 0xff, 0xd9]));
    }

    #[test]
    fn a_byte_of_ones_is_not_taken_for_a_marker() {
        let mut bits = Bits::default();
        bits.push(0xfff, 12);
        assert_eq!(bits.into_bytes(), [0xff, 0, 0xff, 0]);
    }

    #[test]
    fn the_index_leads_to_the_pictures() {
        let pictures = [jpeg("#"), jpeg("+#")];
        let video = avi(&pictures, 16, 8, 2);
        let find = |name: &[u8]| video.windows(4).position(|window| window == name).unwrap();
        let number = |at: usize| {
            let bytes = video.get(at..at + 4).unwrap().try_into().unwrap();
            usize::try_from(u32::from_le_bytes(bytes)).unwrap()
        };
        let (movie, index) = (find(b"movi"), find(b"idx1"));
        assert_eq!(number(index + 4), 2 * 16);
        for (entry, picture) in pictures.iter().enumerate() {
            let entry = index + 8 + 16 * entry;
            let (offset, length) = (movie + number(entry + 8), number(entry + 12));
            assert_eq!(video.get(offset..offset + 4).unwrap(), b"00dc");
            assert_eq!(number(offset + 4), length);
            assert_eq!(video.get(offset + 8..offset + 8 + length).unwrap(), picture);
            assert_eq!(offset % 2, 0);
        }
    }
}
