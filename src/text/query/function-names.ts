/** The functions of JSONata 2.2.2 that an expression may call. */
export const BUILT_IN = [
  ...['sum', 'count', 'max', 'min', 'average', 'string', 'substring', 'substringBefore', 'substringAfter', 'lowercase'],
  ...['uppercase', 'length', 'trim', 'pad', 'contains', 'replace', 'split', 'join', 'formatNumber', 'formatBase'],
  ...['formatInteger', 'parseInteger', 'number', 'floor', 'ceil', 'round', 'abs', 'sqrt', 'power', 'random', 'boolean'],
  ...['not', 'map', 'zip', 'filter', 'single', 'reduce', 'sift', 'keys', 'lookup', 'append', 'exists', 'spread'],
  ...['merge', 'reverse', 'each', 'error', 'assert', 'type', 'sort', 'shuffle', 'distinct', 'base64encode'],
  ...['base64decode', 'encodeUrlComponent', 'encodeUrl', 'decodeUrlComponent', 'decodeUrl', 'toMillis', 'fromMillis'],
  ...['clone', 'now', 'millis'],
] as const

/** The functions that Step Functions adds; its `$random` takes a seed (AWS Step Functions, "Transforming data with JSONata"). */
export const ADDED = ['partition', 'range', 'hash', 'uuid', 'parse'] as const

export const REFUSED: Readonly<Record<string, string>> = {
  eval: '$eval is disabled: use $parse to read JSON',
  match: '$match is refused: it takes a regular expression, and one can run without end',
}

export const CALLABLE: readonly string[] = [...BUILT_IN, ...ADDED]
