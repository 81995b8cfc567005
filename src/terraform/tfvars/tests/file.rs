//! Generates variable definitions files in every layout that people write.

use proptest::prelude::*;

pub(super) const HEREDOC: &str = "<<EOT\n  one\n# two\nEOT";
pub(super) const FLUSH_HEREDOC: &str = "<<-EOT\n    one\n      two\n    EOT";

/// A value, as it may be laid out in a file with line feeds.
fn value() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        (-1000_i32..1000).prop_map(|number| number.to_string()),
        (-1000_i32..1000).prop_map(|number| format!("{number}.25")),
        "[a-zé ,=#{}/*]{0,6}".prop_map(|text| format!("\"{text}\"")),
        Just(r#""a\"b\\\n\u00e9 $${x} %%{y} $z""#.to_owned()),
        Just("(1)".to_owned()),
        Just(HEREDOC.to_owned()),
        Just(FLUSH_HEREDOC.to_owned()),
    ];
    scalar.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            (proptest::collection::vec((inner.clone(), gap()), 0..4), any::<bool>())
                .prop_map(|(items, ends)| tuple(&items, ends)),
            (proptest::collection::vec((inner, gap(), key_form()), 0..4), layout())
                .prop_map(|(items, layout)| { object(&items, layout) }),
        ]
    })
}

/// What may stand around an item of a list.
fn gap() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", " ", "\n  ", "\n\t", " /* c, */ ", "\n  # c = 1,\n  ", " // c\n"])
}

fn key_form() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop::sample::select(vec![("", " = "), ("", "="), ("", "   = "), ("", ": "), ("\"", " = "), ("\"", " : ")])
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Layout {
    OneLine { ends_with_comma: bool, blank: &'static str },
    Lines { comma: &'static str, comment: &'static str },
}

fn layout() -> impl Strategy<Value = Layout> {
    prop_oneof![
        (any::<bool>(), prop::sample::select(vec!["", " "]))
            .prop_map(|(ends_with_comma, blank)| Layout::OneLine { ends_with_comma, blank }),
        (prop::sample::select(vec!["", ","]), prop::sample::select(vec!["", " # why", " /* why */", "\n"]))
            .prop_map(|(comma, comment)| Layout::Lines { comma, comment }),
    ]
}

/// A heredoc needs the end of its line to itself.
fn closed(value: &str) -> String {
    if value.ends_with("EOT") { format!("{value}\n") } else { value.to_owned() }
}

fn tuple(items: &[(String, &str)], ends_with_comma: bool) -> String {
    let mut text = String::from("[");
    for (index, (item, gap)) in items.iter().enumerate() {
        text.push_str(gap);
        text.push_str(&closed(item));
        if index + 1 < items.len() || ends_with_comma {
            text.push(',');
        }
    }
    text + if items.last().is_some_and(|(_, gap)| gap.contains('\n')) { "\n]" } else { "]" }
}

fn object(items: &[(String, &str, (&str, &str))], layout: Layout) -> String {
    let mut text = String::from("{");
    for (index, (item, _, (quote, separator))) in items.iter().enumerate() {
        let key = format!("{quote}k{index}{quote}{separator}");
        match layout {
            Layout::OneLine { ends_with_comma, blank } => {
                let comma = if item.ends_with("EOT") {
                    "\n"
                } else if index + 1 < items.len() || ends_with_comma {
                    ","
                } else {
                    ""
                };
                text.push_str(&format!("{blank}{key}{item}{comma}{blank}"));
            }
            Layout::Lines { comma, comment } => {
                let behind = if item.ends_with("EOT") { String::new() } else { format!("{comma}{comment}") };
                text.push_str(&format!("\n    {key}{item}{behind}"));
            }
        }
    }
    match layout {
        Layout::OneLine { blank, .. } => text + blank + "}",
        Layout::Lines { .. } => text + "\n  }",
    }
}

/// What may stand between attributes.
fn between() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "",
        "\n",
        "\n\n",
        "# about\n",
        "# licence\n\n",
        "# v9 = 1\n",
        "/* a\n b */\n",
        "  // x\n",
        " \t\n",
    ])
}

/// A file: a byte order mark or none, line ends of one kind, and with or without the last of them.
pub(super) fn file() -> impl Strategy<Value = String> {
    let attribute = (
        between(),
        value(),
        prop::sample::select(vec![" = ", "=", "    = ", " =\t"]),
        prop::sample::select(vec!["", " # why", "  "]),
    );
    (proptest::collection::vec(attribute, 0..5), between(), any::<[bool; 3]>()).prop_map(|(attributes, end, flags)| {
        let [has_mark, has_returns, loses_last] = flags;
        let mut text = String::new();
        for (index, (before, value, equals, behind)) in attributes.iter().enumerate() {
            let behind = if value.ends_with("EOT") { "" } else { behind };
            text.push_str(&format!("{before}v{index}{equals}{value}{behind}\n"));
        }
        text.push_str(end);
        if loses_last && !text.ends_with("EOT\n") && text.ends_with('\n') {
            text.pop();
        }
        if has_returns {
            text = text.replace('\n', "\r\n");
        }
        if has_mark { format!("\u{feff}{text}") } else { text }
    })
}
