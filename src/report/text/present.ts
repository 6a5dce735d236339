type Said = string | false | undefined

export function present(...all: readonly (Said | readonly Said[])[]): string[] {
  return all.flat().filter((one) => one !== undefined && one !== false)
}

export function parts(...all: readonly Said[]): string {
  return present(...all)
    .filter((one) => one !== '')
    .join(' · ')
}
