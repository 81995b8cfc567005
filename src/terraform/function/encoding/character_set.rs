//! Character sets by their IANA names.
//!
//! The Unicode sets and the single-byte sets that text is usually asked for in; the tables of the others are not here, and
//! a call that names one is not evaluated.

/// A character set that can be converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CharacterSet {
    Utf8,
    /// Big-endian, with a byte order mark when it is written.
    Utf16,
    Utf16Be,
    Utf16Le,
    Latin1,
    UsAscii,
}

/// What a name stands for.
pub(super) enum Lookup {
    /// A set that can be converted.
    Found(CharacterSet),
    /// A set that Terraform knows, and we do not.
    Foreign,
    /// No set that Terraform supports.
    Unsupported,
}

/// Names that stand for a set here, in lower case.
///
/// Source: the IANA registry of character sets, as `golang.org/x/text/encoding/ianaindex` v0.22 reads it.
const NAMES: &[(&str, CharacterSet)] = &[
    ("utf-8", CharacterSet::Utf8),
    ("csutf8", CharacterSet::Utf8),
    ("utf-16", CharacterSet::Utf16),
    ("csutf16", CharacterSet::Utf16),
    ("utf-16be", CharacterSet::Utf16Be),
    ("csutf16be", CharacterSet::Utf16Be),
    ("utf-16le", CharacterSet::Utf16Le),
    ("csutf16le", CharacterSet::Utf16Le),
    ("iso_8859-1:1987", CharacterSet::Latin1),
    ("iso-ir-100", CharacterSet::Latin1),
    ("iso_8859-1", CharacterSet::Latin1),
    ("iso-8859-1", CharacterSet::Latin1),
    ("latin1", CharacterSet::Latin1),
    ("l1", CharacterSet::Latin1),
    ("ibm819", CharacterSet::Latin1),
    ("cp819", CharacterSet::Latin1),
    ("csisolatin1", CharacterSet::Latin1),
    ("us-ascii", CharacterSet::UsAscii),
    ("iso-ir-6", CharacterSet::UsAscii),
    ("ansi_x3.4-1968", CharacterSet::UsAscii),
    ("ansi_x3.4-1986", CharacterSet::UsAscii),
    ("iso_646.irv:1991", CharacterSet::UsAscii),
    ("iso646-us", CharacterSet::UsAscii),
    ("us", CharacterSet::UsAscii),
    ("ibm367", CharacterSet::UsAscii),
    ("cp367", CharacterSet::UsAscii),
    ("csascii", CharacterSet::UsAscii),
];

/// What the names of sets that Terraform knows and we do not begin with, in lower case.
const FOREIGN: &[&str] = &[
    "iso-8859-",
    "iso_8859-",
    "windows-",
    "cswindows",
    "ibm",
    "cp",
    "csisolatin",
    "latin",
    "l",
    "koi8",
    "cskoi8",
    "euc-",
    "cseuc",
    "shift_jis",
    "ms_kanji",
    "csshiftjis",
    "iso-2022-jp",
    "csiso2022jp",
    "gb",
    "big5",
    "csbig5",
    "macintosh",
    "mac",
    "csmacintosh",
    "hz-gb",
    "arabic",
    "cyrillic",
    "greek",
    "hebrew",
    "ecma",
    "elot",
    "asmo",
    "iso-ir-",
    "csgb",
    "csibm",
    "cspc",
    "csiso",
    "ms936",
    "tis-620",
];

/// Finds a set.
pub(super) fn find(name: &str) -> Lookup {
    let name = name.to_ascii_lowercase();
    if let Some((_, set)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Lookup::Found(*set);
    }
    if FOREIGN.iter().any(|prefix| name.starts_with(prefix)) { Lookup::Foreign } else { Lookup::Unsupported }
}

impl CharacterSet {
    /// The canonical name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UTF-16",
            Self::Utf16Be => "UTF-16BE",
            Self::Utf16Le => "UTF-16LE",
            Self::Latin1 => "ISO_8859-1:1987",
            Self::UsAscii => "US-ASCII",
        }
    }

    /// The bytes of a text; none when a character has no place in the set.
    pub(super) fn encode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Utf8 => Some(text.as_bytes().to_vec()),
            Self::Utf16 => Some("\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect()),
            Self::Utf16Be => Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            Self::Utf16Le => Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Self::Latin1 => text.chars().map(|c| u8::try_from(c).ok()).collect(),
            Self::UsAscii => text.is_ascii().then(|| text.as_bytes().to_vec()),
        }
    }

    /// The text of bytes; none when they are not of the set.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Utf8 => String::from_utf8(bytes.to_vec()).ok(),
            Self::Utf16 => match bytes {
                [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
                [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
                _ => utf16(bytes, u16::from_be_bytes),
            },
            Self::Utf16Be => utf16(bytes, u16::from_be_bytes),
            Self::Utf16Le => utf16(bytes, u16::from_le_bytes),
            Self::Latin1 => Some(bytes.iter().copied().map(char::from).collect()),
            Self::UsAscii => bytes.is_ascii().then(|| bytes.iter().copied().map(char::from).collect()),
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    String::from_utf16(&pairs.iter().copied().map(unit).collect::<Vec<_>>()).ok()
}
