import { show } from '../../../text/source/show.ts'
import { fittingText } from './fitting-text.ts'
import type { Param } from './schema.ts'

const EXAMPLES: Readonly<Record<Param['type'], string>> = {
  integer: '120',
  string: 'TEXT',
  boolean: 'true',
  ipAddress: '10.0.0.1',
  ipPrefix: '10.0.0.0/24',
  ipInterface: '10.0.0.1/24',
  interface: 'Ethernet1',
  vlanRange: '110-112',
  list: '[a, b]',
  object: '@FILE.yaml',
  table: '@FILE.csv',
}

export function exampleOf(param: Param): string {
  if ('example' in param && param.example !== undefined)
    return typeof param.example === 'string' ? param.example : show(param.example)
  switch (param.type) {
    case 'integer':
      return String(Math.min(Math.max(Number(EXAMPLES.integer), param.minimum ?? 0), param.maximum ?? Infinity))
    case 'string':
      return param.enum?.[0] ?? ofPattern(param.pattern) ?? EXAMPLES.string
    case 'list':
      return `[${exampleOf(param.items)}]`
    default:
      return ('version' in param && param.version === 6 ? V6[param.type] : undefined) ?? EXAMPLES[param.type]
  }
}

const V6: Readonly<Record<string, string>> = {
  ipAddress: '2001:db8::1',
  ipPrefix: '2001:db8::/64',
  ipInterface: '2001:db8::1/64',
}

const ofPattern = (pattern: string | undefined) => (pattern === undefined ? undefined : fittingText(pattern, 'text'))
