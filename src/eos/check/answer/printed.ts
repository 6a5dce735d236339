/** A value as Python prints it, which messages of the catalogue have from there: `True`, `None`. */
export function printed(value: string | number | boolean | null | undefined): string {
  if (value === undefined || value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return String(value)
}

/** A flag as Python prints it. */
export function printedFlag(flag: boolean | undefined): 'True' | 'False' {
  return flag === true ? 'True' : 'False'
}

/** A flag in EOS's word for a state. */
export function enabledWord(enabled: boolean): 'enabled' | 'disabled' {
  return enabled ? 'enabled' : 'disabled'
}

/** A number as Python prints a float: `75.0`, `232.5`. */
export function printedFloat(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

/** A number with that many decimals as Python prints it: of two that are as near, the even one (74.125 is `74.12`). */
export function printedDecimals(value: number, decimals: number): string {
  const text = value.toFixed(decimals)
  const isHalfway = Number.isInteger(value * 2 ** (decimals + 1)) && value.toFixed(decimals + 1).endsWith('5')
  if (!isHalfway || !/[13579]$/.test(text)) return text
  return (Number(text) - Math.sign(value) * 10 ** -decimals).toFixed(decimals)
}
