//! Edits any variable definitions file; an edit that is made reads back as meant.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tfhelper::terraform::tfvars::address::Address;
use tfhelper::terraform::tfvars::{NewValue, Tfvars};
use tfhelper::terraform::value::Value;

fuzz_target!(|input: (&[u8], &str, &str, bool)| {
    let (bytes, address, value, is_json) = input;
    let name = if is_json { "terraform.tfvars.json" } else { "terraform.tfvars" };
    let Ok(tfvars) = Tfvars::parse(name, bytes.to_vec()) else { return };
    let Ok(address) = address.parse::<Address>() else { return };
    if let Ok(text) = tfvars.set(&address, &NewValue::string(value)) {
        let edited = Tfvars::parse(name, text.into_bytes()).expect("an edited file can be read");
        assert_eq!(edited.get(&address), Some(&Value::string(value)));
    }
    if let Ok(text) = tfvars.unset(&address) {
        assert!(Tfvars::parse(name, text.into_bytes()).is_ok());
    }
});
