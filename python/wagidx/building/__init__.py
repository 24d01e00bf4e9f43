"""What makes an index: build, append and merge, and what they are made of.

Sources are cut into units (`units`), a thread reads each into runs (`unit_reader`, `workers`,
`job`), the runs are merged (`assembly`) in the folder of a `part`, which then takes its place.
`source_table` and `stored` write what finds a caption again, and read it back.
"""
