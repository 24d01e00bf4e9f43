//! Arrow arrays in, by the Arrow C data interface.
//!
//! String columns are imported as binary ones: an Arrow type proves nothing about bytes (a Parquet
//! reader hands strings on unchecked), so text is made of them only after a UTF-8 check.

use arrow_array::cast::AsArray;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type};
use arrow_array::types::{
    ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, make_array};
use arrow_schema::DataType;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// Import an object with `__arrow_c_array__`, strings as binary.
pub(crate) fn import(object: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    let capsules = object.call_method0("__arrow_c_array__").map_err(|_| {
        PyTypeError::new_err("expected an Arrow array, an object with __arrow_c_array__")
    })?;
    let (schema, array): (Bound<'_, PyCapsule>, Bound<'_, PyCapsule>) = capsules.extract()?;
    let schema = schema
        .pointer_checked(Some(c"arrow_schema"))?
        .cast::<FFI_ArrowSchema>();
    let array = array
        .pointer_checked(Some(c"arrow_array"))?
        .cast::<FFI_ArrowArray>();
    // SAFETY: the capsules' names were checked, so by the Arrow PyCapsule interface they point to
    // these structs, and the capsules outlive this function.
    let schema = unsafe { schema.as_ref() };
    let bad = |error: arrow_schema::ArrowError| PyValueError::new_err(error.to_string());
    let data_type = as_bytes(DataType::try_from(schema).map_err(bad)?)?;
    // SAFETY: as above; `from_raw` moves the struct out and marks the original as released, as the
    // interface asks. The binary types have the layout of the string types they stand in for.
    let data = unsafe {
        let array = FFI_ArrowArray::from_raw(array.as_ptr());
        from_ffi_and_data_type(array, data_type)
    };
    Ok(make_array(data.map_err(bad)?))
}

/// The binary type with the layout of `data_type`; other types are refused.
fn as_bytes(data_type: DataType) -> PyResult<DataType> {
    Ok(match data_type {
        DataType::Utf8 | DataType::Binary => DataType::Binary,
        DataType::LargeUtf8 | DataType::LargeBinary => DataType::LargeBinary,
        DataType::Utf8View | DataType::BinaryView => DataType::BinaryView,
        DataType::Dictionary(key, value) => DataType::Dictionary(key, Box::new(as_bytes(*value)?)),
        same @ (DataType::Null | DataType::UInt8) => same,
        DataType::List(of) if *of.data_type() == DataType::UInt8 => DataType::List(of),
        other => {
            return Err(PyTypeError::new_err(format!(
                "captions of Arrow type {other}; expected strings, binary or a dictionary of them"
            )));
        }
    })
}

/// Call `row` with the bytes of each value, `None` for a null.
pub(crate) fn for_each_value<E>(
    array: &dyn Array,
    mut row: impl FnMut(Option<&[u8]>) -> Result<(), E>,
) -> Result<(), E> {
    match array.data_type() {
        DataType::Binary => array.as_binary::<i32>().iter().try_for_each(row),
        DataType::LargeBinary => array.as_binary::<i64>().iter().try_for_each(row),
        DataType::BinaryView => array.as_binary_view().iter().try_for_each(row),
        DataType::Dictionary(key, _) => match **key {
            DataType::Int8 => dictionary_values::<Int8Type, E>(array, row),
            DataType::Int16 => dictionary_values::<Int16Type, E>(array, row),
            DataType::Int32 => dictionary_values::<Int32Type, E>(array, row),
            DataType::Int64 => dictionary_values::<Int64Type, E>(array, row),
            DataType::UInt8 => dictionary_values::<UInt8Type, E>(array, row),
            DataType::UInt16 => dictionary_values::<UInt16Type, E>(array, row),
            DataType::UInt32 => dictionary_values::<UInt32Type, E>(array, row),
            _ => dictionary_values::<UInt64Type, E>(array, row),
        },
        _ => (0..array.len()).try_for_each(|_| row(None)),
    }
}

/// Takes one value after the other.
type EachValue<'a, E> = dyn FnMut(Option<&[u8]>) -> Result<(), E> + 'a;

fn dictionary_values<K: ArrowDictionaryKeyType, E>(
    array: &dyn Array,
    mut row: impl FnMut(Option<&[u8]>) -> Result<(), E>,
) -> Result<(), E> {
    let dictionary = array.as_dictionary::<K>();
    // Spans into one arena: the values can be of any layout, and few.
    let (mut arena, mut spans) = (Vec::new(), Vec::new());
    let mut keep = |value: Option<&[u8]>| {
        let start = arena.len();
        arena.extend_from_slice(value.unwrap_or_default());
        spans.push(value.map(|_| start..arena.len()));
        Ok::<(), E>(())
    };
    // By reference to a trait object, or values of dictionaries of dictionaries would instantiate
    // this function without end.
    for_each_value(
        dictionary.values().as_ref(),
        &mut keep as &mut EachValue<'_, E>,
    )?;
    (0..dictionary.len()).try_for_each(|i| {
        let span = dictionary.key(i).and_then(|key| spans.get(key)?.clone());
        row(span.map(|span| &arena[span]))
    })
}
