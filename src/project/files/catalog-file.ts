/** The catalog of a project, which `check run` takes when none is named; others may have any name. */
export const CATALOG = 'checks.yaml'
