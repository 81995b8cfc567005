//! IP network functions.
//!
//! An address is a number of 32 or 128 bits here; only reading and writing know the notations. The arithmetic follows
//! `github.com/apparentlymart/go-cidr` v1.1.0, its oddities with negative numbers included.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::Ipv6Net;
use num_bigint::BigInt;
use num_traits::ToPrimitive as _;

use super::argument::{integer, unsuitable};
use super::parameter::{list_of_strings, number, string};
use super::{Call, Function, FunctionError, Parameter};
use crate::terraform::value::{Type, Value};

pub(super) const TABLE: &[Function] = &[
    Function::fixed("cidrhost", &[PREFIX, Parameter::new("hostnum", number)], string, |call| {
        let host = call.big_integer(1)?;
        let network = network(call)?;
        Ok(Value::string(&network.host(&host)?))
    }),
    Function::fixed("cidrnetmask", &[PREFIX], string, |call| {
        let network = network(call)?;
        // Of an IPv4-mapped network, the mask has the length of its address.
        if network.bits != 32 && !network.holds_mapped(network.address) {
            return Err(format!("IPv6 addresses cannot have a netmask: {}", call.text(0)).into());
        }
        Ok(Value::string(&network.write(network.mask())))
    }),
    Function::fixed(
        "cidrsubnet",
        &[PREFIX, Parameter::new("newbits", number), Parameter::new("netnum", number)],
        string,
        |call| {
            let new_bits = call.integer(1)?;
            let number = call.big_integer(2)?;
            let network = network(call)?;
            Ok(Value::string(&network.subnet(new_bits, &number)?.to_string()))
        },
    ),
    Function::fixed("cidrsubnets", &[PREFIX], list_of_strings, subnets).with_variadic(&Parameter::new("newbits", number)),
];

const PREFIX: Parameter = Parameter::new("prefix", string);

/// The most bits that `cidrsubnets` extends a prefix by.
///
/// Source: Terraform, `internal/lang/funcs/cidr.go`.
const LARGEST_EXTENSION: i64 = 32;

/// The bits of an IPv4-mapped address above those of the IPv4 address.
///
/// Source: RFC 4291, section 2.5.5.2.
const MAPPED_PREFIX: u32 = 96;

/// The network that the first argument names.
fn network(call: &Call) -> Result<Network, String> {
    Network::parse(call.text(0)).ok_or_else(|| invalid(call.text(0)))
}

fn invalid(text: &str) -> String {
    format!("invalid CIDR expression: invalid CIDR address: {text}")
}

/// A network: an address whose host bits are zero.
#[derive(Clone, Copy)]
struct Network {
    address: u128,
    prefix: u32,
    /// The length of the address: 32 or 128.
    bits: u32,
}

impl Network {
    /// Reads `address/prefix`; octets may have leading zeros and are decimal all the same, as in old versions of Go.
    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let (address, bits) = match parse_v4(address) {
            Some(address) => (address, 32),
            None => (parse_v6(address)?, 128),
        };
        if prefix.is_empty() || !prefix.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let prefix = prefix.parse().ok().filter(|prefix| *prefix <= bits)?;
        Some(Self { address, prefix, bits }.masked())
    }

    /// Whether an address of the network's length is an IPv4-mapped one, which Go takes for an IPv4 address.
    fn holds_mapped(self, address: u128) -> bool {
        self.bits == 128 && Ipv6Addr::from(address).to_ipv4_mapped().is_some()
    }

    fn host_bits(self) -> u32 {
        self.bits - self.prefix
    }

    fn mask(self) -> u128 {
        low_bits(self.bits) & !low_bits(self.host_bits())
    }

    fn masked(self) -> Self {
        Self { address: self.address & self.mask(), ..self }
    }

    fn last(self) -> u128 {
        self.address | low_bits(self.host_bits())
    }

    fn host(self, number: &BigInt) -> Result<String, String> {
        let largest = BigInt::from(low_bits(self.host_bits()));
        let zero = BigInt::from(0);
        // What is compared is the low 64 bits as a signed number; a negative number counts from the end.
        let (offset, checked) = if *number < zero {
            let checked = -number - 1;
            (&largest - &checked, checked)
        } else {
            (number.clone(), BigInt::from(low_64(number) as i64))
        };
        if checked > largest {
            return Err(format!("prefix of {} does not accommodate a host numbered {offset}", self.prefix));
        }
        // Terraform takes an IPv4-mapped network for one of 32 bits, but its address has 128.
        let shift = if self.holds_mapped(self.address) { MAPPED_PREFIX } else { 0 };
        Ok(self.write(self.with_bits(&offset, shift)))
    }

    fn subnet(self, new_bits: i64, number: &BigInt) -> Result<Self, String> {
        let prefix = i64::from(self.prefix).saturating_add(new_bits);
        if prefix > i64::from(self.bits) {
            return Err(format!("insufficient address space to extend prefix of {} by {new_bits}", self.prefix));
        }
        let largest = match new_bits {
            0..=63 => (1_u64 << new_bits) - 1,
            // The shift leaves nothing, and nothing less one is everything.
            _ => u64::MAX,
        };
        if low_64(number) > largest {
            return Err(format!("prefix extension of {new_bits} does not accommodate a subnet numbered {number}"));
        }
        let Ok(prefix) = u32::try_from(prefix) else {
            return Err(format!("prefix of {} cannot be extended by {new_bits}", self.prefix));
        };
        Ok(Self { address: self.with_bits(number, self.bits - prefix), prefix, bits: self.bits })
    }

    /// The address with a shifted number put into its bits; of a negative number, as of any, what counts in the end is
    /// the magnitude.
    fn with_bits(self, number: &BigInt, shift: u32) -> u128 {
        low_128(&(BigInt::from(self.address) | (number << shift))) & low_bits(self.bits)
    }

    fn write(self, address: u128) -> String {
        if self.bits == 32 {
            return Ipv4Addr::from(address as u32).to_string();
        }
        let address = Ipv6Addr::from(address);
        match address.to_ipv4_mapped() {
            Some(mapped) => mapped.to_string(),
            None => address.to_string(),
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Go writes an IPv4-mapped address as one of 32 bits, and so much of the mask as belongs to them.
        let above = if self.holds_mapped(self.address) { MAPPED_PREFIX } else { 0 };
        write!(f, "{}/{}", self.write(self.address), self.prefix.saturating_sub(above))
    }
}

fn low_bits(count: u32) -> u128 {
    u128::MAX.checked_shr(128 - count).unwrap_or(0)
}

/// The low 64 bits of the magnitude.
fn low_64(number: &BigInt) -> u64 {
    number.magnitude().iter_u64_digits().next().unwrap_or(0)
}

/// The low 128 bits of the magnitude.
fn low_128(number: &BigInt) -> u128 {
    (number.magnitude() & BigInt::from(u128::MAX).magnitude()).to_u128().unwrap_or(0)
}

fn parse_v4(text: &str) -> Option<u128> {
    let mut octets = 0;
    let mut address = 0;
    for octet in text.split('.') {
        if octet.is_empty() || !octet.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        address = address << 8 | u128::from(octet.parse::<u8>().ok()?);
        octets += 1;
    }
    (octets == 4).then_some(address)
}

fn parse_v6(text: &str) -> Option<u128> {
    let network: Ipv6Net = format!("{text}/128").parse().ok()?;
    Some(network.addr().to_bits())
}

fn subnets(call: &Call) -> Result<Value, FunctionError> {
    let parent = Network::parse(call.text(0)).ok_or_else(|| FunctionError::Argument(0, invalid(call.text(0))))?;
    let mut found = Vec::new();
    let mut current: Option<Network> = None;
    for index in 1..call.arguments.len() {
        let length = integer(&call.number(index)).map_err(|message| FunctionError::Argument(index, message))?;
        if length < 1 {
            return unsuitable(index, "must extend prefix by at least one bit");
        }
        if length > LARGEST_EXTENSION {
            return unsuitable(index, "may not extend prefix by more than 32 bits");
        }
        let prefix = i64::from(parent.prefix) + length;
        if prefix > i64::from(parent.bits) {
            let protocol = if parent.bits == 32 { "IPv4" } else { "IPv6" };
            return unsuitable(
                index,
                format!("would extend prefix to {prefix} bits, which is too long for an {protocol} address"),
            );
        }
        let prefix = prefix as u32;
        let exhausted = |before: &str| {
            let reason = format!("not enough remaining address space for a subnet with a prefix of {prefix} bits after {before}");
            unsuitable(index, reason)
        };
        // Terraform takes an IPv4-mapped network for one of 32 bits, where no network has this prefix.
        if parent.holds_mapped(parent.address) {
            return exhausted("<nil>");
        }
        // Before the first subnet, it is as if the block below the network were taken.
        let before = current.unwrap_or_else(|| {
            let address = parent.address.wrapping_sub(1) & low_bits(parent.bits);
            Network { address, prefix, bits: parent.bits }.masked()
        });
        let end = before.last() | low_bits(parent.bits - prefix);
        let next = Network { address: end.wrapping_add(1) & low_bits(parent.bits), prefix, bits: parent.bits };
        // An IPv4-mapped address is counted on as one of 32 bits, which lies in no network of 128.
        let is_mapped = parent.holds_mapped(end) || parent.holds_mapped(next.address);
        if is_mapped || next.address == 0 || next.address & parent.mask() != parent.address {
            return exhausted(&before.to_string());
        }
        current = Some(next);
        found.push(Value::string(&next.to_string()));
    }
    Ok(Value::list(Type::String, found))
}
