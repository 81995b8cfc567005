use super::*;

fn strings(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| Value::string(text)).collect()
}

fn object(attributes: &[(&str, Value)]) -> Value {
    Value::object(attributes.iter().map(|(name, value)| (Arc::from(*name), value.clone())).collect())
}

fn object_type(attributes: &[(&str, Type)], optional: &[&str]) -> Type {
    Type::Object(Arc::new(ObjectType {
        attributes: attributes.iter().map(|(name, ty)| (Arc::from(*name), ty.clone())).collect(),
        optional: optional.iter().map(|name| Arc::from(*name)).collect(),
    }))
}

#[track_caller]
fn check_converted(value: &Value, wanted: &Type, expected: &Value) {
    assert_eq!(convert(value, wanted).as_ref(), Ok(expected));
}

#[track_caller]
fn check_refused(value: &Value, wanted: &Type, message: &str) {
    assert_eq!(convert(value, wanted).map_err(|error| error.message), Err(message.to_owned()));
}

#[test]
fn any_in_a_list_is_what_the_elements_have_in_common() {
    let tuple = Value::tuple(vec![Value::from(1i64), Value::from("a"), Value::from(true)]);
    let list = Value::list(Type::String, strings(&["1", "a", "true"]));
    check_converted(&tuple, &Type::list(Type::Dynamic), &list);
}

#[test]
fn number_and_bool_have_nothing_in_common() {
    let mixed = object(&[("a", Value::from(1i64)), ("b", Value::from(true))]);
    check_refused(&mixed, &Type::map(Type::Dynamic), "all map elements must have the same type");
}

#[test]
fn objects_of_different_attributes_become_maps() {
    let tuple = Value::tuple(vec![object(&[("a", Value::from(1i64))]), object(&[("b", Value::from(2i64))])]);
    let converted = convert(&tuple, &Type::list(Type::Dynamic)).unwrap();
    assert_eq!(converted.ty(), Type::list(Type::map(Type::Number)));
}

#[test]
fn strings_become_numbers_and_bools_where_they_read_so() {
    check_converted(&Value::from("1e3"), &Type::Number, &Value::from(1000i64));
    check_refused(&Value::from("0x1F"), &Type::Number, "a number is required");
    check_converted(&Value::from("1"), &Type::Bool, &Value::from(true));
    check_refused(&Value::from("True"), &Type::Bool, "a bool is required; to convert from string, use lowercase \"true\"");
}

#[test]
fn missing_optional_attribute_is_null_and_extra_ones_are_dropped() {
    let wanted = object_type(&[("a", Type::String), ("b", Type::Number)], &["b"]);
    let given = object(&[("a", Value::from(1i64)), ("z", Value::from(1i64))]);
    check_converted(&given, &wanted, &object(&[("a", Value::from("1")), ("b", Value::null(Type::Number))]));
}

#[test]
fn missing_required_attributes_are_named() {
    let wanted = object_type(&[("a", Type::String), ("b", Type::String), ("c", Type::String)], &[]);
    check_refused(&object(&[]), &wanted, "attributes \"a\", \"b\", and \"c\" are required");
    check_refused(&object(&[("c", Value::from(""))]), &wanted, "attributes \"a\" and \"b\" are required");
}

#[test]
fn message_names_the_way_to_the_part() {
    let wanted = object_type(&[("a", Type::list(object_type(&[("b", Type::String)], &[])))], &[]);
    let given = object(&[("a", Value::tuple(vec![object(&[("b", Value::from(""))]), object(&[])]))]);
    check_refused(&given, &wanted, "attribute \"a\": element 1: attribute \"b\" is required");
}

#[test]
fn unsafe_conversion_inside_keeps_the_path_apart() {
    let error = convert(&Value::tuple(vec![Value::from(1i64), Value::from("x")]), &Type::list(Type::Number)).unwrap_err();
    assert_eq!((error.message.as_str(), error.path), ("a number is required", vec![PathStep::Index(1)]));
}

#[test]
fn path_is_written_as_a_reference_goes_on() {
    let wanted = object_type(&[("a", Type::map(Type::list(Type::Number)))], &[]);
    let given = object(&[("a", object(&[("k \"", Value::tuple(vec![Value::from("x")]))]))]);
    assert_eq!(convert(&given, &wanted).unwrap_err().with_path(), ".a[\"k \\\"\"][0]: a number is required");
    assert_eq!(convert(&Value::from("x"), &Type::Number).unwrap_err().with_path(), "a number is required");
}

#[test]
fn tuple_of_another_length_is_refused() {
    let wanted = Type::tuple(vec![Type::String, Type::String]);
    check_refused(&Value::tuple(strings(&["a"])), &wanted, "tuple required");
    check_converted(&Value::tuple(strings(&["a", "b"])), &wanted, &Value::tuple(strings(&["a", "b"])));
}

#[test]
fn mark_stays_through_conversion() {
    check_converted(&Value::from(1i64).with_mark(true), &Type::String, &Value::from("1").with_mark(true));
}

mod proptests {
    use super::*;
    use proptest::prelude::*;

    fn any_type() -> impl Strategy<Value = Type> {
        let leaf = prop_oneof![Just(Type::Bool), Just(Type::Number), Just(Type::String), Just(Type::Dynamic)];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                inner.clone().prop_map(Type::list),
                inner.clone().prop_map(Type::set),
                inner.clone().prop_map(Type::map),
                prop::collection::vec(inner.clone(), 0..3).prop_map(Type::tuple),
                prop::collection::vec(inner, 0..3).prop_map(|types| {
                    let names = ["a", "b", "c"];
                    let attributes: Vec<(&str, Type)> = names.into_iter().zip(types).collect();
                    object_type(&attributes, &["b"])
                }),
            ]
        })
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[a-z0-9]{0,3}".prop_map(Value::from),
            Just(Value::null(Type::Dynamic)),
            Just(Value::unknown(Type::String)),
        ];
        leaf.prop_recursive(3, 16, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::tuple),
                prop::collection::btree_map("[abc]", inner, 0..3)
                    .prop_map(|members| Value::object(members.into_iter().map(|(k, v)| (Arc::from(k), v)).collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn converting_twice_changes_nothing(value in any_value(), wanted in any_type()) {
            if let Ok(once) = convert(&value, &wanted) {
                prop_assert_eq!(convert(&once, &wanted), Ok(once));
            }
        }

        #[test]
        fn result_has_the_wanted_type_where_it_says_all(value in any_value(), wanted in any_type()) {
            if let Ok(converted) = convert(&value, &wanted) && !wanted.has_dynamic() {
                prop_assert_eq!(converted.ty(), wanted.without_optional());
            }
        }

        // A part whose type is not known yet counts as convertible, and may turn out not to be; so nothing is promised of it.
        #[test]
        fn known_types_unify_to_something_that_all_convert_to(types in prop::collection::vec(any_type(), 1..4)) {
            let types: Vec<Type> = types.iter().map(Type::without_optional).collect();
            if let Some(common) = unify::unify(&types) && !types.iter().any(Type::has_dynamic) {
                prop_assert!(types.iter().all(|ty| is_convertible(ty, &common, Safety::Unsafe)));
            }
        }
    }
}
