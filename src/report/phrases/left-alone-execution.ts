/** An execution that no worker takes up, because too many in a row died while they drove it. */
export interface LeftAloneExecution {
  readonly execution: string
  readonly deaths: number
  readonly of?: string
  readonly isBeingPutBack: boolean
}

export function leftAloneWords({ execution, deaths, of, isBeingPutBack }: LeftAloneExecution): string {
  // The whole of a part that is being put back has said so already.
  const stop = of !== undefined && isBeingPutBack ? '' : `, \`eosflow stop ${of ?? execution}\` puts everything back`
  return `no worker takes ${execution} up, ${deaths} in a row died while they drove it: \`eosflow resume ${execution}\` tries it once more${stop}`
}
