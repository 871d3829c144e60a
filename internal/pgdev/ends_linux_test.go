package pgdev_test

const endsWithParent = true
