"""Solutions as a table: written out as XLSX, taken in from XLSX or CSV, all lines or none."""
