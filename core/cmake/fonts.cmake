# Filled in below: the page's fonts and icons.
