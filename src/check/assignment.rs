//! What the variables say about the connectors: which are enabled, and where each setting is assigned.
//!
//! psoxy's `coalesce` skips null and the empty string, so either counts as unset, and the next home is asked.

use super::Facts;
use crate::connector::setting::{CONNECTOR_SETTINGS_RELEASE, Declaration, Home, HomeState, Setting};
use crate::connector::{self, Connector};
use crate::diagnostic::SourceRange;
use crate::terraform::syntax::{Expression, ExpressionKind};
use crate::terraform::value::Value;

/// The variable that names the connectors to deploy.
pub(super) const ENABLED_CONNECTORS: &str = "enabled_connectors";

/// What psoxy takes for a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effective<'f> {
    /// This value, from this home.
    Value(Home, &'f str),
    /// Its placeholder, because nothing sets it.
    Unset,
    /// Something that is not known before `terraform plan`.
    Unknown(Home),
}

/// The connectors to check that tfhelper knows.
pub(super) fn connectors(facts: &Facts) -> impl Iterator<Item = &'static Connector> {
    facts.connectors.iter().filter_map(|id| connector::find(id))
}

/// Is the connector in `enabled_connectors`? None where that is not known.
#[must_use]
pub fn is_enabled(facts: &Facts, connector: &Connector) -> Option<bool> {
    let Some(input) = facts.inputs.value(ENABLED_CONNECTORS) else { return Some(false) };
    let Some(enabled) = input.value.as_sequence() else { return input.value.is_null().then_some(false) };
    if enabled.iter().any(|id| id.as_str() == Some(connector.id)) {
        return Some(true);
    }
    enabled.iter().all(Value::is_known).then_some(false)
}

/// Where `enabled_connectors` names the connector, or else where it is assigned.
pub(super) fn enabled_subject(facts: &Facts, connector: &Connector) -> Option<SourceRange> {
    let input = facts.inputs.value(ENABLED_CONNECTORS)?;
    let is_named = |element: &&Expression| matches!(&element.kind, ExpressionKind::String(id) if id == connector.id);
    let element = input.expression.as_deref().and_then(|expression| {
        let ExpressionKind::Tuple(elements) = &expression.kind else { return None };
        elements.iter().find(is_named)
    });
    element.map(|element| element.range).or(input.attribute).or(input.range)
}

/// What the root module says about each home of a setting, the one that wins first.
pub(super) fn home_states<'f>(facts: &Facts<'f>, setting: &Setting) -> Vec<HomeState<'f>> {
    setting.homes.iter().map(|since| home_state(facts, since.home)).collect()
}

fn home_state<'f>(facts: &Facts<'f>, home: Home) -> HomeState<'f> {
    let declaration = match facts.root_module.variable(home.variable()) {
        Some(variable) => Declaration::from_description(variable.description.as_deref()),
        None => Declaration::Undeclared,
    };
    HomeState { home, declaration, assigned: value(facts, home).and_then(Value::as_str) }
}

fn value<'f>(facts: &Facts<'f>, home: Home) -> Option<&'f Value> {
    let value = &facts.inputs.value(home.variable())?.value;
    match home.key() {
        None => Some(value),
        // A map that is not known has no known key either.
        Some(_) if !value.is_known() => Some(value),
        Some(key) => value.as_mapping()?.get(key),
    }
}

/// What psoxy takes for a setting.
#[must_use]
pub fn effective<'f>(facts: &Facts<'f>, setting: &Setting) -> Effective<'f> {
    for state in home_states(facts, setting) {
        if state.declaration == Declaration::Undeclared || is_too_new(facts, state.home) {
            continue;
        }
        match (state.assigned, value(facts, state.home)) {
            (Some(text), _) if !text.is_empty() => return Effective::Value(state.home, text),
            (None, Some(value)) if !value.is_known() => return Effective::Unknown(state.home),
            (Some(_) | None, Some(_) | None) => {}
        }
    }
    Effective::Unset
}

/// psoxy's release has no such home, whatever the root module declares.
pub(super) fn is_too_new(facts: &Facts, home: Home) -> bool {
    home.key().is_some() && facts.psoxy_release.as_ref().is_some_and(|release| *release < CONNECTOR_SETTINGS_RELEASE)
}

/// Where a home is assigned: the key inside a map, else the attribute.
pub(super) fn subject(facts: &Facts, home: Home) -> Option<SourceRange> {
    let input = facts.inputs.value(home.variable())?;
    let key = home.key().zip(input.expression.as_deref()).and_then(|(key, map)| key_range(map, key));
    key.or(input.attribute).or(input.range)
}

/// The last `key = value` of an object constructor, which is the one that counts.
fn key_range(map: &Expression, key: &str) -> Option<SourceRange> {
    let ExpressionKind::Object(items) = &map.kind else { return None };
    let item = items.iter().rev().find(|item| matches!(&item.key.kind, ExpressionKind::String(text) if text == key))?;
    Some(item.key.range.to(item.value.range))
}

/// The value's excerpt must not be shown.
pub(super) fn is_sensitive(facts: &Facts, home: Home) -> bool {
    facts.root_module.variable(home.variable()).is_some_and(|variable| variable.is_sensitive)
}

/// The home to write, for people: `jira_cloud_id` or `connector_settings.jira_cloud_id`.
pub(super) fn home_to_write(facts: &Facts, setting: &Setting) -> String {
    let mut states = home_states(facts, setting);
    states.retain(|state| !is_too_new(facts, state.home));
    match setting.homes_to_write(&states) {
        Ok(homes) => homes.first().map_or_else(|| setting.name.to_owned(), ToString::to_string),
        Err(_) => setting.name.to_owned(),
    }
}
