import type { Check } from '../../define.ts'

/** The checks of ANTA's module `snmp`, by name. */
export const snmpChecks: readonly Check[] = []
