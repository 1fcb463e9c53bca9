// Behind the # of the address on a slip stands its code: no server, log or proxy learns it before the person sends it. It waits
// in this tab until the person has signed in, and is typed for them.
const KEPT = 'code-of-slip'
const read = /^#([\w-]{10,12})$/.exec(location.hash)
if (read) {
  sessionStorage.setItem(KEPT, read[1])
  history.replaceState(null, '', location.pathname + location.search)
}
const field = document.getElementById('code')
const code = sessionStorage.getItem(KEPT)
if (field && code && field.value === '') {
  field.value = code
  sessionStorage.removeItem(KEPT)
}
