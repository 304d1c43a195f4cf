-- The key of a row's dimensions is made for every row of a batch. Called immutable it was no expression to the planner but a
-- function to call, since what it calls (convert_to) is only stable. Nothing indexes it.
ALTER FUNCTION rollup_dimension_key(jsonb) STABLE;
