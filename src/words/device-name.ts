/** `Chrome, Android`: enough for people to know their own devices. What a browser says of itself proves nothing. */

/** The first that fits; order matters, since browsers also claim to be their ancestors. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/YaBrowser\//, 'Яндекс Браузер'],
  [/EdgA?\/|EdgiOS\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]

const systems: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/Mac OS X|Macintosh/, 'Mac'],
  [/Linux/, 'Linux'],
]

const firstIn = (table: typeof browsers, text: string): string | undefined =>
  table.find(([pattern]) => pattern.test(text))?.[1]

/** Longer names are none that a browser has. */
const LONGEST = 60

export function deviceName(device: string | undefined): string {
  if (device === undefined || device === '') return 'Неизвестное устройство'
  const known = [firstIn(browsers, device), firstIn(systems, device)].filter(name => name !== undefined)
  return known.length > 0 ? known.join(', ') : device.slice(0, LONGEST)
}
