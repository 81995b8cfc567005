//! Edits any variable definitions file at every address in it; an edit that is made reads back as meant, and changes nothing else.
//!
//! The first byte says which syntax the rest is in, and whether to add a key instead.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tfhelper::terraform::tfvars::address::{Address, Key};
use tfhelper::terraform::tfvars::{EditError, NewValue, Tfvars, to_hcl};
use tfhelper::terraform::value::{Value, ValueKind};

/// More addresses than this in one file show nothing new.
const MOST: usize = 12;

/// Everything that has to be escaped in one syntax or the other.
const NEW: &str = "a\"\\${b}%{c}\n\u{e9}";

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, text)) = bytes.split_first() else { return };
    let name = if kind & 1 == 0 { "terraform.tfvars" } else { "terraform.tfvars.json" };
    let read = |text: &[u8]| Tfvars::parse(name, text.to_vec());
    let Ok(before) = read(text) else { return };
    let mut all = vec![Address::variable("brand_new")];
    for (name, value) in before.values() {
        collect(Address::variable(name.clone()), value, &mut all);
    }
    for address in &all {
        let is_adding = kind & 2 != 0;
        let address = if is_adding { address.clone().attribute("brand_new") } else { address.clone() };
        if let Some(after) = made(&before, &address, before.clone().set(&address, &NewValue::string(NEW))) {
            let reread = read(after.as_bytes()).unwrap_or_else(|why| panic!("{address} set: {why}\n{after}"));
            assert_eq!(reread.get(&address), Some(&Value::string(NEW)), "{address}\n{after}");
            assert_eq!(others(&reread, &address), others(&before, &address), "{address}\n{after}");
        }
        if let Some(value) = before.get(&address)
            && let Ok(same) = NewValue::expression(&to_hcl(value))
            && let Some(after) = made(&before, &address, before.clone().set(&address, &same))
        {
            assert_eq!(after, before.text(), "{address} set to what it is");
        }
        if let Some(after) = made(&before, &address, before.clone().unset(&address)) {
            let reread = read(after.as_bytes()).unwrap_or_else(|why| panic!("{address} unset: {why}\n{after}"));
            assert_eq!(others(&reread, &address), others(&before, &address), "{address}\n{after}");
        }
    }
});

/// The edited text, unless the edit was refused with a reason; one that is taken back because it went wrong is a finding.
fn made(before: &Tfvars, address: &Address, after: Result<String, EditError>) -> Option<String> {
    match after {
        Ok(text) => Some(text),
        Err(EditError::Unverified) => panic!("{address} in\n{}", before.text()),
        Err(_) => None,
    }
}

fn collect(address: Address, value: &Value, all: &mut Vec<Address>) {
    if all.len() >= MOST {
        return;
    }
    all.push(address.clone());
    let mut inner = |key, value| {
        let mut address = address.clone();
        address.keys.push(key);
        collect(address, value, all);
    };
    match &value.kind {
        ValueKind::Object(members) => members.iter().for_each(|(name, value)| inner(Key::Name(name.to_string()), value)),
        ValueKind::Tuple(elements) => elements.iter().enumerate().for_each(|(index, value)| inner(Key::Index(index), value)),
        _ => {}
    }
}

fn others(tfvars: &Tfvars, address: &Address) -> Vec<(String, Value)> {
    tfvars.values().iter().filter(|(name, _)| *name != address.name).cloned().collect()
}
