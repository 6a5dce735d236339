import type { YAMLError } from 'yaml'
import type { Place, Problem } from '../model/problem.ts'

const HINTS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BAD_ALIAS: 'quote the text if the asterisk belongs to it',
  BAD_DQ_ESCAPE: 'use single quotes: nothing is an escape in them',
  BAD_INDENT: 'align it with its neighbours, and close every bracket',
  BAD_SCALAR_START: 'put the value in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'put a value that holds `: ` in quotes, or begin a new line',
  BLOCK_IN_FLOW: 'close the bracket, or write the list with one item per line',
  MISSING_CHAR: 'add the missing quote, bracket, comma or value',
  MULTILINE_IMPLICIT_KEY: 'a `:` is missing, or this line is indented wrongly',
  MULTIPLE_DOCS: 'keep one document: delete the `---` and what follows it',
  NON_STRING_KEY: "put a value that begins with `{{` in quotes: '{{ name }}'",
  TAB_AS_INDENT: 'indent with spaces',
  TAG_RESOLVE_FAILED: 'delete the tag, or quote the text if the exclamation mark belongs to it',
  UNEXPECTED_TOKEN: 'check quotes, brackets and indentation here and on the line above',
}

/** A fault that the YAML parser found, with the mend. Warnings are faults too: a tag that is skipped is a value misread. */
export function explainYaml(fault: YAMLError, at: Place): Problem {
  const hint = HINTS[fault.code] ?? 'check quotes, brackets and indentation'
  return { code: 'yaml-syntax', message: `not valid YAML: ${plain(fault.message)}`, at, hint }
}

function plain(message: string): string {
  return `${message.charAt(0).toLowerCase()}${message.slice(1)}`.replace(/; please use .*$/, '')
}
