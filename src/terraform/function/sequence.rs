//! Functions of lists and tuples.

use super::argument::{integer, unsuitable};
use super::parameter::{any, list_of_any, list_of_strings, number};
use super::{Call, Function, FunctionError, Parameter};
use crate::terraform::conversion::convert;
use crate::terraform::conversion::unify::unify;
use crate::terraform::value::{Type, Value, ValueKind};

pub(super) const TABLE: &[Function] = &[
    Function::derived(
        "chunklist",
        &[Parameter::new("list", list_of_any).sensitive(), Parameter::new("size", number).sensitive()],
        |arguments| Ok(Type::list(arguments[0].ty())),
        chunk_list,
    ),
    Function::fixed("compact", &[Parameter::new("list", list_of_strings)], list_of_strings, |call| {
        if !call.arguments[0].is_wholly_known() {
            return Ok(call.unknown_result());
        }
        let kept = call.elements(0).iter().filter(|element| element.as_str().is_some_and(|text| !text.is_empty()));
        Ok(Value::list(Type::String, kept.cloned().collect()))
    }),
    Function::derived("concat", &[], concat_type, concat).with_variadic(&Parameter::new("seqs", any).sensitive()),
    Function::derived("distinct", &[Parameter::new("list", list_of_any)], |arguments| Ok(arguments[0].ty()), distinct),
    Function::derived(
        "element",
        &[Parameter::new("list", any).sensitive(), Parameter::new("index", number)],
        element_type,
        element,
    ),
    Function::derived("flatten", &[LIST], flatten_type, flatten),
    Function::derived("list", &[], |_| Err(LIST_IS_GONE.into()), |_| Err(LIST_IS_GONE.into()))
        .with_variadic(&Parameter::new("vals", any).unknown().dynamic().null()),
    Function::derived("reverse", &[LIST], reverse_type, reverse),
    Function::derived(
        "slice",
        &[LIST, Parameter::new("start_index", number), Parameter::new("end_index", number)],
        slice_type,
        slice,
    ),
    Function::fixed("sort", &[Parameter::new("list", list_of_strings).unknown()], list_of_strings, sort),
];

const LIST: Parameter = Parameter::new("list", any).sensitive();

const LIST_IS_GONE: &str = "the \"list\" function was deprecated in Terraform v0.12 and is no longer available; use tolist([ ... ]) syntax to write a literal list";

/// A list or tuple, as the type says.
fn sequence(ty: &Type, elements: Vec<Value>) -> Value {
    match ty.element() {
        Some(element) => Value::list(element.clone(), elements),
        None => Value::tuple(elements),
    }
}

fn chunk_list(call: &Call) -> Result<Value, FunctionError> {
    let list = &call.arguments[0];
    let size = call.integer(1).map_err(|message| format!("invalid size: {message}"))?;
    let Ok(size) = usize::try_from(size) else {
        return Err("the size argument must be positive".into());
    };
    let is_sensitive = call.is_any_sensitive();
    let elements = call.elements(0);
    // A size of zero means one chunk of everything.
    let size = if size == 0 { elements.len().max(1) } else { size };
    let chunks = elements.chunks(size).map(|chunk| sequence(&list.ty(), chunk.to_vec())).collect();
    Ok(Value::list(list.ty(), chunks).with_mark(is_sensitive))
}

fn concat_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    let types: Vec<Type> = arguments.iter().map(Value::ty).collect();
    if types.is_empty() {
        return Err("at least one argument is required".into());
    }
    let are_lists = types.iter().all(|ty| matches!(ty, Type::List(_)));
    if let Some(common) = are_lists.then(|| unify(&types)).flatten() {
        return Ok(common);
    }
    let mut elements = Vec::new();
    for (index, (argument, ty)) in arguments.iter().zip(types).enumerate() {
        match ty {
            Type::Tuple(types) => elements.extend(types.iter().cloned()),
            Type::List(element) => match argument.len() {
                Some(length) => elements.extend(std::iter::repeat_n(element.as_ref().clone(), length)),
                None => return Ok(Type::Dynamic),
            },
            other => {
                let name = other.friendly_name();
                return unsuitable(index, format!("all arguments must be lists or tuples; got {name}"));
            }
        }
    }
    Ok(Type::tuple(elements))
}

fn concat(call: &Call) -> Result<Value, FunctionError> {
    let mut elements = Vec::new();
    for (index, argument) in call.arguments.iter().enumerate() {
        if matches!(call.result_type, Type::List(_)) {
            let converted =
                convert(argument, &call.result_type).map_err(|error| FunctionError::Argument(index, error.message))?;
            elements.extend(converted.as_sequence().unwrap_or_default().iter().cloned());
        } else {
            elements.extend(call.elements(index).iter().cloned());
        }
    }
    Ok(sequence(&call.result_type, elements).with_mark(call.is_any_sensitive()))
}

fn distinct(call: &Call) -> Result<Value, FunctionError> {
    if !call.arguments[0].is_wholly_known() {
        return Ok(call.unknown_result());
    }
    let mut kept: Vec<Value> = Vec::new();
    for element in call.elements(0) {
        if !kept.iter().any(|other| other.is_equal(element) == Some(true)) {
            kept.push(element.clone());
        }
    }
    Ok(sequence(&call.result_type, kept))
}

const EMPTY: &str = "cannot use element function with an empty list";

fn element_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    match arguments[0].ty() {
        Type::List(element) => Ok(element.as_ref().clone()),
        Type::Tuple(types) => {
            let Some(index) = arguments[1].as_number() else {
                return Ok(Type::Dynamic);
            };
            let index = integer(index).map_err(|message| format!("invalid index: {message}"))?;
            // Terraform counts from the end of a list, but not of a tuple.
            if index < 0 && i64::try_from(types.len()).is_ok_and(|length| length > 0 && index % length != 0) {
                let remainder = index % i64::try_from(types.len()).unwrap_or(i64::MAX);
                return Err(format!("panic in function implementation: runtime error: index out of range [{remainder}]").into());
            }
            match wrapped(index, types.len()) {
                Some(index) => Ok(types[index].clone()),
                None => Err(EMPTY.into()),
            }
        }
        other => Err(format!("cannot read elements from {}", other.friendly_name()).into()),
    }
}

/// The index, counted round and round; none where there is nothing to count.
fn wrapped(index: i64, length: usize) -> Option<usize> {
    usize::try_from(index.checked_rem_euclid(i64::try_from(length).ok()?)?).ok()
}

fn element(call: &Call) -> Result<Value, FunctionError> {
    let index = call.integer(1).map_err(|message| format!("invalid index: {message}"))?;
    let elements = call.elements(0);
    match wrapped(index, elements.len()) {
        Some(index) => Ok(elements[index].clone().with_mark(call.arguments[0].is_sensitive)),
        None => Err(EMPTY.into()),
    }
}

fn flatten_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    let argument = &arguments[0];
    if !argument.is_wholly_known() {
        return Ok(Type::Dynamic);
    }
    if !is_sequence(&argument.ty()) {
        return Err("can only flatten lists, sets and tuples".into());
    }
    let mut flat = Flat::default();
    flat.take(argument);
    Ok(Type::tuple(flat.elements.iter().map(Value::ty).collect()))
}

fn flatten(call: &Call) -> Result<Value, FunctionError> {
    let mut flat = Flat::default();
    flat.take(&call.arguments[0]);
    let flattened = if flat.is_unknown { call.unknown_result() } else { Value::tuple(flat.elements) };
    Ok(flattened.with_mark(flat.is_sensitive))
}

fn is_sequence(ty: &Type) -> bool {
    matches!(ty, Type::List(_) | Type::Set(_) | Type::Tuple(_))
}

/// Whether this is a list, set or tuple that is not null, by its form: to make the type of deep values costs as much again
/// at each level.
fn holds_elements(value: &Value) -> bool {
    match &value.kind {
        ValueKind::List(..) | ValueKind::Set(..) | ValueKind::Tuple(_) => true,
        ValueKind::Unknown(ty) => is_sequence(ty),
        ValueKind::Null(_)
        | ValueKind::Bool(_)
        | ValueKind::Number(_)
        | ValueKind::String(_)
        | ValueKind::Map(..)
        | ValueKind::Object(_) => false,
    }
}

/// What flattening has gathered.
#[derive(Default)]
struct Flat {
    elements: Vec<Value>,
    is_sensitive: bool,
    is_unknown: bool,
}

impl Flat {
    /// Takes the elements of a sequence; the marks of inner sequences come along, those of elements stay with them.
    fn take(&mut self, sequence: &Value) {
        self.is_sensitive |= sequence.is_sensitive;
        let Some(elements) = sequence.as_sequence().filter(|_| sequence.settled_length().is_some()) else {
            self.is_unknown = true;
            return;
        };
        for element in elements {
            self.is_unknown |= matches!(element.kind, ValueKind::Unknown(Type::Dynamic));
            if holds_elements(element) {
                self.take(element);
            } else {
                self.elements.push(element.clone());
            }
        }
    }
}

fn reverse_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    match arguments[0].ty() {
        Type::Tuple(types) => Ok(Type::tuple(types.iter().rev().cloned().collect())),
        Type::List(element) | Type::Set(element) => Ok(Type::List(element)),
        other => unsuitable(0, format!("can only reverse list or tuple values, not {}", other.friendly_name())),
    }
}

fn reverse(call: &Call) -> Result<Value, FunctionError> {
    let reversed = call.elements(0).iter().rev().cloned().collect();
    Ok(sequence(&call.result_type, reversed).with_mark(call.is_any_sensitive()))
}

fn slice_type(arguments: &[Value]) -> Result<Type, FunctionError> {
    let ty = arguments[0].ty();
    if matches!(ty, Type::Set(_)) {
        return unsuitable(
            0,
            "cannot slice a set, because its elements do not have indices; explicitly convert to a list if the ordering of the result is not important",
        );
    }
    if !is_sequence(&ty) {
        return unsuitable(0, "must be a list or tuple value");
    }
    let bounds = slice_bounds(arguments)?;
    let Type::Tuple(types) = &ty else {
        return Ok(ty);
    };
    match bounds {
        Some((start, end)) => Ok(Type::tuple(types[start..end].to_vec())),
        None => Ok(Type::Dynamic),
    }
}

/// Start and end, where both are known; each is checked as soon as it is.
fn slice_bounds(arguments: &[Value]) -> Result<Option<(usize, usize)>, FunctionError> {
    let length = match arguments[0].ty() {
        Type::Tuple(types) => Some(types.len()),
        _ => arguments[0].len(),
    };
    let bound = |index: usize, name: &str| {
        let Some(number) = arguments[index].as_number() else {
            return Ok(None);
        };
        let bound = match integer(number) {
            Ok(bound) => bound,
            Err(message) => return unsuitable(index, format!("invalid {name} index: {message}")),
        };
        let Ok(bound) = usize::try_from(bound) else {
            return unsuitable(index, format!("{name} index must not be less than zero"));
        };
        if length.is_some_and(|length| bound > length) {
            return unsuitable(index, format!("{name} index must not be greater than the length of the list"));
        }
        Ok(Some(bound))
    };
    let (Some(start), Some(end)) = (bound(1, "start")?, bound(2, "end")?) else {
        return Ok(None);
    };
    if start > end {
        return unsuitable(1, "start index must not be greater than end index");
    }
    Ok(Some((start, end)))
}

fn slice(call: &Call) -> Result<Value, FunctionError> {
    let Some((start, end)) = slice_bounds(call.arguments)? else {
        return Ok(call.unknown_result().with_mark(call.is_any_sensitive()));
    };
    let elements = call.elements(0).get(start..end).unwrap_or_default().to_vec();
    Ok(sequence(&call.result_type, elements).with_mark(call.is_any_sensitive()))
}

fn sort(call: &Call) -> Result<Value, FunctionError> {
    if !call.arguments[0].is_wholly_known() {
        // Where an unknown element will stand is not known, so none is; not even a null is looked for.
        let unknown = |length| Value::list(Type::String, vec![Value::unknown(Type::String); length]);
        return Ok(call.arguments[0].len().map_or_else(|| call.unknown_result(), unknown));
    }
    let mut texts = Vec::new();
    for (index, element) in call.elements(0).iter().enumerate() {
        match element.as_str() {
            Some(text) => texts.push(text),
            None => return Err(format!("given list element {index} is null; a null string cannot be sorted").into()),
        }
    }
    texts.sort_unstable();
    Ok(Value::list(Type::String, texts.into_iter().map(Value::string).collect()))
}
