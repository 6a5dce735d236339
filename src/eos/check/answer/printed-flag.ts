/** A flag as Python prints it. */
export function printedFlag(flag: boolean | undefined): 'True' | 'False' {
  return flag === true ? 'True' : 'False'
}

/** A flag in EOS's word for a state. */
export function enabledWord(enabled: boolean): 'enabled' | 'disabled' {
  return enabled ? 'enabled' : 'disabled'
}
