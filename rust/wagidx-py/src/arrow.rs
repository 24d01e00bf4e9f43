//! Arrow arrays in, by the Arrow C data interface: each purpose takes its own types and no others.
//!
//! String columns are imported as binary ones: an Arrow type proves nothing about bytes (a Parquet
//! reader hands strings on unchecked), so text is made of them only after a UTF-8 check.

use arrow_array::cast::AsArray;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type};
use arrow_array::types::{
    ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, ListArray, UInt8Array, make_array};
use arrow_schema::DataType;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// A column of texts, such as captions or concepts, in any of Arrow's layouts for them.
pub(crate) struct Texts {
    array: ArrayRef,
}

impl Texts {
    /// Import strings, binary values, dictionaries of them, or nulls; `what` names them in an error.
    pub(crate) fn import(object: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        let array = import(object, what, |found| {
            as_bytes(found).ok_or("strings, binary or a dictionary of them")
        })?;
        Ok(Self { array })
    }

    pub(crate) fn len(&self) -> usize {
        self.array.len()
    }

    /// Call `row` with the bytes of each value, `None` for a null.
    pub(crate) fn for_each<E>(
        &self,
        row: impl FnMut(Option<&[u8]>) -> Result<(), E>,
    ) -> Result<(), E> {
        for_each_value(self.array.as_ref(), row)
    }
}

/// A byte for each row.
pub(crate) struct RowBytes {
    array: UInt8Array,
}

impl RowBytes {
    /// Import an array of uint8 without nulls; `what` names it in an error.
    pub(crate) fn import(object: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        let array = import(object, what, |found| match found {
            DataType::UInt8 => Ok(found.clone()),
            _ => Err("uint8"),
        })?;
        if array.null_count() > 0 {
            return Err(PyValueError::new_err(format!("{what}: a value is null")));
        }
        let array = array.as_primitive::<UInt8Type>().clone();
        Ok(Self { array })
    }

    pub(crate) fn len(&self) -> usize {
        self.array.len()
    }

    pub(crate) fn of(&self, row: usize) -> u8 {
        self.array.value(row)
    }
}

/// A list of bytes for each row.
pub(crate) struct RowByteLists {
    lists: ListArray,
    values: UInt8Array,
}

impl RowByteLists {
    /// Import an array of lists of uint8; `what` names it in an error.
    pub(crate) fn import(object: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        let array = import(object, what, |found| match found {
            DataType::List(of) if *of.data_type() == DataType::UInt8 => Ok(found.clone()),
            _ => Err("lists of uint8"),
        })?;
        let lists = array.as_list::<i32>().clone();
        let values = lists.values().as_primitive::<UInt8Type>().clone();
        Ok(Self { lists, values })
    }

    pub(crate) fn len(&self) -> usize {
        self.lists.len()
    }

    pub(crate) fn of(&self, row: usize) -> &[u8] {
        let offsets = self.lists.value_offsets();
        let (start, end) = (offsets[row] as usize, offsets[row + 1] as usize);
        self.values.values().get(start..end).unwrap_or_default()
    }
}

/// Import an object with `__arrow_c_array__` as the type that `layout` reads its own as, or fail with
/// the types that it names.
fn import(
    object: &Bound<'_, PyAny>,
    what: &str,
    layout: impl FnOnce(&DataType) -> Result<DataType, &'static str>,
) -> PyResult<ArrayRef> {
    let capsules = object.call_method0("__arrow_c_array__").map_err(|_| {
        PyTypeError::new_err(format!(
            "{what}: expected an Arrow array, an object with __arrow_c_array__"
        ))
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
    let found = DataType::try_from(schema).map_err(bad)?;
    let data_type = layout(&found).map_err(|expected| {
        PyTypeError::new_err(format!(
            "{what}: expected {expected}, not Arrow type {found}"
        ))
    })?;
    // SAFETY: as above; `from_raw` moves the struct out and marks the original as released, as the
    // interface asks. The binary types have the layout of the string types they stand in for.
    let data = unsafe {
        let array = FFI_ArrowArray::from_raw(array.as_ptr());
        from_ffi_and_data_type(array, data_type)
    };
    Ok(make_array(data.map_err(bad)?))
}

/// The binary type with the layout of a type of texts; nothing for another type.
fn as_bytes(data_type: &DataType) -> Option<DataType> {
    Some(match data_type {
        DataType::Utf8 | DataType::Binary => DataType::Binary,
        DataType::LargeUtf8 | DataType::LargeBinary => DataType::LargeBinary,
        DataType::Utf8View | DataType::BinaryView => DataType::BinaryView,
        DataType::Dictionary(key, value) if key.is_integer() => {
            DataType::Dictionary(key.clone(), Box::new(as_bytes(value)?))
        }
        DataType::Null => DataType::Null,
        _ => return None,
    })
}

/// Call `row` with the bytes of each value of an array that [`as_bytes`] let in.
fn for_each_value<E>(
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
        // `as_bytes` lets in nulls and nothing else beside the types above.
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
