import { stringify } from 'yaml'
import type { Json } from '../../model/json.ts'

export function yamlText(value: Json): string {
  return stringify(value, { aliasDuplicateObjects: false, lineWidth: 110 })
}
