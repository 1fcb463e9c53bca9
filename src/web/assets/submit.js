HTMLFormElement.prototype.submit.call(document.getElementById('pass-on')) // a field of the form may be called submit
