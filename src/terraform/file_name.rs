//! Which files of a directory Terraform reads by itself, and as what.
//!
//! Source: hashicorp/terraform v1.11.4, `internal/configs/parser_config_dir.go` (`dirFiles`, `IsIgnoredFile`) and
//! `internal/command/meta_vars.go`.

/// Whether a file of this name is configuration: `*.tf` and `*.tf.json`, but for hidden files and editors' backups.
#[must_use]
pub fn is_configuration(name: &str) -> bool {
    let is_backup = name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'));
    !is_backup && (name.ends_with(".tf") || name.ends_with(".tf.json"))
}

/// Whether a file of configuration overrides what the others declare.
#[must_use]
pub fn is_override(name: &str) -> bool {
    let base = name.strip_suffix(".tf").or_else(|| name.strip_suffix(".tf.json")).unwrap_or(name);
    base == "override" || base.ends_with("_override")
}

/// Whether a file of this name gives values without being asked for: `terraform.tfvars`, `*.auto.tfvars`, and both with
/// `.json`; hidden ones too.
#[must_use]
pub fn is_automatic_definitions(name: &str) -> bool {
    let name = name.strip_suffix(".json").unwrap_or(name);
    name == "terraform.tfvars" || name.ends_with(".auto.tfvars")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_accepted(accepts: fn(&str) -> bool, accepted: &[&str], refused: &[&str]) {
        let found: Vec<_> = [accepted, refused].concat().into_iter().filter(|name| accepts(name)).collect();
        assert_eq!(found, accepted);
    }

    #[test]
    fn hidden_files_and_backups_are_no_configuration() {
        check_accepted(is_configuration, &["a.tf", "a.tf.json", "#a.tf"], &[".a.tf", "a.tf~", "#a.tf#", "a.tfvars", "a.json"]);
    }

    #[test]
    fn the_end_of_the_base_name_makes_an_override() {
        check_accepted(is_override, &["override.tf", "a_override.tf.json"], &["a.tf", "overrides.tf", "a.override.tf"]);
    }

    #[test]
    fn hidden_definitions_count() {
        let accepted = ["terraform.tfvars", "terraform.tfvars.json", "a.auto.tfvars", ".a.auto.tfvars.json"];
        check_accepted(is_automatic_definitions, &accepted, &["a.tfvars", "terraform.tfvars~", "a.tf"]);
    }
}
