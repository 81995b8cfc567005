//! Edits of generated files, and what hcl-edit makes of the same files.

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use file::{FLUSH_HEREDOC, HEREDOC, file};

mod file;

fn parse(text: &str) -> Tfvars {
    match Tfvars::parse("a.tfvars", text.as_bytes().to_vec()) {
        Ok(tfvars) => tfvars,
        Err(refused) => panic!("{refused}\n{text}"),
    }
}

/// Every address that leads to a value of the file.
fn addresses(tfvars: &Tfvars) -> Vec<Address> {
    fn collect(address: &Address, value: &Value, all: &mut Vec<Address>) {
        all.push(address.clone());
        let mut inner = |key, value| {
            let mut address = address.clone();
            address.keys.push(key);
            collect(&address, value, all);
        };
        match &value.kind {
            ValueKind::Object(members) => members.iter().for_each(|(name, value)| inner(Key::Name(name.to_string()), value)),
            ValueKind::Tuple(elements) => elements.iter().enumerate().for_each(|(index, value)| inner(Key::Index(index), value)),
            _ => {}
        }
    }
    let mut all = Vec::new();
    for (name, value) in tfvars.values() {
        collect(&Address::variable(name.clone()), value, &mut all);
    }
    all
}

/// The ranges of the attribute of this name.
fn attribute<'a>(tfvars: &'a Tfvars, name: &str) -> &'a Attribute {
    let Content::Native(attributes) = &tfvars.content else { panic!("native syntax") };
    attributes.iter().find(|attribute| attribute.name.text == name).unwrap()
}

fn others(tfvars: &Tfvars, name: &str) -> Vec<(String, Value)> {
    tfvars.values().iter().filter(|(other, _)| other != name).cloned().collect()
}

/// Whether the rest of the longer text is left when pieces of it are taken away.
fn is_part(shorter: &str, longer: &str) -> bool {
    let mut longer = longer.chars();
    shorter.chars().all(|c| longer.any(|other| other == c))
}

#[test]
fn a_key_is_found_by_what_it_evaluates_to() {
    let text = "m = {\n  1.50     = 1\n  (2 > 1)  = 2\n  \"${\"a\"}b\" = 3\n}\n";
    for (key, number) in [("1.5", "1"), ("true", "2"), ("ab", "3")] {
        let address = Address::variable("m").attribute(key);
        assert_eq!(parse(text).set(&address, &NewValue::string("x")), Ok(text.replace(&format!("= {number}"), "= \"x\"")));
    }
}

#[test]
fn what_stands_before_a_bare_for_is_not_removed() {
    let text = "m = {\n  a   = 1\n  for = 2\n}\n";
    let address = Address::variable("m").attribute("a");
    assert_eq!(parse(text).unset(&address), Err(EditError::ForFirst));
    let quoted = text.replace("for =", "\"for\" =");
    assert_eq!(parse(&quoted).unset(&address).as_deref(), Ok("m = {\n  \"for\" = 2\n}\n"));
}

/// The text that an edit makes of another.
fn edited(after: Result<String, EditError>, before: &str) -> Result<String, TestCaseError> {
    after.map_err(|error| TestCaseError::fail(format!("{error}\n{before}")))
}

fn has_bare_line_feed(text: &str) -> bool {
    text.replace("\r\n", "").contains('\n')
}

proptest! {
    #[test]
    fn set_changes_the_bytes_of_one_value_alone(text in file(), chosen in any::<Index>(), new in "[a-z\"${\\\\\n]{1,5}") {
        let before = parse(&text);
        let all = addresses(&before);
        prop_assume!(!all.is_empty());
        let address = chosen.get(&all);
        let after = edited(before.clone().set(address, &NewValue::string(&new)), &text)?;
        let range = attribute(&before, &address.name).value.range.bytes();
        prop_assert!(after.starts_with(&text[..range.start]) && after.ends_with(&text[range.end..]), "{address}\n{after}");
        if address.keys.is_empty() {
            let written = &after[range.start..after.len() - (text.len() - range.end)];
            prop_assert_eq!(written, crate::terraform::syntax::literal::hcl_quoted(&new));
        }
        let reread = parse(&after);
        prop_assert_eq!(reread.get(address), Some(&Value::string(&new)));
        prop_assert_eq!(others(&reread, &address.name), others(&before, &address.name));
    }

    #[test]
    fn set_to_the_same_value_changes_nothing(text in file(), chosen in any::<Index>()) {
        let before = parse(&text);
        let all = addresses(&before);
        prop_assume!(!all.is_empty());
        let address = chosen.get(&all);
        let same = NewValue::expression(&to_hcl(before.get(address).unwrap())).unwrap();
        prop_assert_eq!(before.clone().set(address, &same).unwrap(), text);
    }

    #[test]
    fn a_new_variable_is_added_at_the_end_and_removed_again(text in file(), name in prop::sample::select(vec!["x", "x_longer_name"])) {
        let before = parse(&text);
        let address = Address::variable(name);
        let after = edited(before.clone().set(&address, &NewValue::string("new")), &text)?;
        prop_assert!(after.starts_with(&text), "{after}");
        prop_assert!(!text.contains('\n') || has_bare_line_feed(&after) == has_bare_line_feed(&text), "{after}");
        let back = edited(parse(&after).unset(&address), &after)?;
        // Blank lines, and a comment without a blank line behind it, go with the last variable.
        prop_assert!(is_part(&back, &text), "{after}\n{back}");
        prop_assert_eq!(parse(&back).values().to_vec(), before.values().to_vec());
        let ends_with_attribute = before.values().last().is_some_and(|(name, _)| {
            text[attribute(&before, name).range.end as usize..].trim_end_matches(['\r', '\n', ' ']).find('\n').is_none()
        });
        if ends_with_attribute && !text.ends_with("\n\n") && !text.ends_with("\n\r\n") {
            prop_assert_eq!(back, text);
        }
    }

    #[test]
    fn a_new_key_is_inserted_and_removed_again(text in file(), chosen in any::<Index>()) {
        let before = parse(&text);
        let objects: Vec<_> = addresses(&before)
            .into_iter()
            .filter(|address| before.get(address).is_some_and(|value| matches!(value.kind, ValueKind::Object(_))))
            .collect();
        prop_assume!(!objects.is_empty());
        let address = chosen.get(&objects).clone().attribute("new");
        let after = edited(before.clone().set(&address, &NewValue::string("new")), &text)?;
        prop_assert!(is_part(&text, &after), "{address}\n{after}");
        prop_assert!(!text.contains('\n') || has_bare_line_feed(&after) == has_bare_line_feed(&text), "{after}");
        let back = edited(parse(&after).unset(&address), &after)?;
        prop_assert_eq!(parse(&back).values().to_vec(), before.values().to_vec());
        let is_empty = before.get(chosen.get(&objects)).is_some_and(Value::is_empty);
        if !is_empty {
            prop_assert_eq!(back, text, "{}\n{}", address, after);
        }
    }

    #[test]
    fn unset_takes_text_away_and_nothing_else(text in file(), chosen in any::<Index>()) {
        let before = parse(&text);
        let all = addresses(&before);
        prop_assume!(!all.is_empty());
        let address = chosen.get(&all);
        let after = edited(before.clone().unset(address), &text)?;
        prop_assert!(is_part(&after, &text), "{address}\n{after}");
        prop_assert_eq!(after.matches("# licence").count(), text.matches("# licence").count());
        prop_assert_eq!(after.matches("# v9 = 1").count(), text.matches("# v9 = 1").count());
        let reread = parse(&after);
        prop_assert_eq!(others(&reread, &address.name), others(&before, &address.name));
    }

    /// Numbers, line ends inside heredocs and the byte order mark are left out: hcl-edit is known to differ there.
    #[test]
    fn hcl_edit_reads_the_same_values(text in file()) {
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let ours = parse(&text);
        let theirs = hcl_edit::parser::parse_body(&text).unwrap();
        for (name, value) in ours.values() {
            let theirs = read_by_hcl_edit(&theirs.get_attribute(name).unwrap().value);
            prop_assert_eq!(without_numbers(to_json(value).unwrap()), theirs, "{}", name);
        }
        prop_assert_eq!(ours.values().len(), theirs.attributes().count());
    }

    /// Heredocs are left out too: where an end marker is damaged, hcl-edit goes on otherwise.
    #[test]
    fn hcl_edit_refuses_the_same_files(text in file(), at in any::<Index>(), put in prop::sample::select(vec!["", "{", "]", "\"", "=", ",", "x", " ", "(", "0"])) {
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let mut text = text.replace(HEREDOC, "1").replace(FLUSH_HEREDOC, "2");
        let offsets: Vec<_> = text.char_indices().collect();
        prop_assume!(!offsets.is_empty());
        let (offset, c) = *at.get(&offsets);
        text.replace_range(offset..offset + c.len_utf8(), put);
        text.push('\n');
        let file = Sources::default().add("a.tfvars", "");
        let (_, errors) = parse_decoded_body(&text, &[], file);
        // hcl-edit takes an operator at the start of a line for one that goes on from the line before.
        let starts_with_operator = |line: &str| {
            let line = line.trim_start();
            line.starts_with(['/', '*']) && !line.starts_with("//") && !line.starts_with("/*")
        };
        let is_known_difference = text.lines().any(starts_with_operator)
            || errors.iter().any(|error| error.summary == "Invalid multi-line string");
        prop_assume!(!is_known_difference);
        let theirs = hcl_edit::parser::parse_body(&text);
        // A key that stands in an object twice is an error to hcl-edit alone.
        prop_assume!(!theirs.as_ref().is_err_and(|error| error.to_string().contains("redefined object key")));
        prop_assert_eq!(theirs.is_ok(), errors.is_empty(), "{:?}", errors);
    }
}

/// The value of an expression as the generated files have them: constants without templates.
fn read_by_hcl_edit(expression: &hcl_edit::expr::Expression) -> serde_json::Value {
    use hcl_edit::expr::{Expression, ObjectKey};
    let key = |key: &ObjectKey| match key {
        ObjectKey::Ident(name) => name.as_str().to_owned(),
        ObjectKey::Expression(expression) => expression.as_str().unwrap().to_owned(),
    };
    match expression {
        Expression::Null(_) => serde_json::Value::Null,
        Expression::Bool(value) => (*value.value()).into(),
        Expression::Number(number) => number.value().as_f64().into(),
        Expression::String(text) => text.value().as_str().into(),
        Expression::Array(elements) => elements.iter().map(read_by_hcl_edit).collect(),
        Expression::Object(items) => items.iter().map(|(name, item)| (key(name), read_by_hcl_edit(item.expr()))).collect(),
        Expression::Parenthesis(inner) => read_by_hcl_edit(inner.inner()),
        Expression::HeredocTemplate(heredoc) => {
            let mut heredoc = heredoc.clone();
            if heredoc.indent().is_some() {
                heredoc.dedent();
            }
            heredoc.template.iter().map(|element| element.as_literal().unwrap().as_str()).collect::<String>().into()
        }
        other => panic!("{other:?}"),
    }
}

/// The value with every number as a float: hcl-edit keeps no more.
fn without_numbers(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Number(number) => serde_json::json!(number.as_f64()),
        serde_json::Value::Array(values) => values.into_iter().map(without_numbers).collect(),
        serde_json::Value::Object(members) => members.into_iter().map(|(name, value)| (name, without_numbers(value))).collect(),
        other @ (serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::String(_)) => other,
    }
}
