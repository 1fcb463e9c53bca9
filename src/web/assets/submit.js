document.getElementById('pass-on').submit()
