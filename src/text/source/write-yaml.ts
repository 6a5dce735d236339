import { stringify } from 'yaml'
import type { Json } from '../../model/json.ts'

/** A value as YAML that a person would write: block style, no references between equal parts. */
export function yamlText(value: Json): string {
  return stringify(value, { aliasDuplicateObjects: false, lineWidth: 110 })
}
