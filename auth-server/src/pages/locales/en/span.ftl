span-days = { $count ->
    [one] one day
   *[other] { $count } days
}
span-hours = { $count ->
    [one] one hour
   *[other] { $count } hours
}
span-minutes = { $count ->
    [one] one minute
   *[other] { $count } minutes
}
span-seconds = { $count ->
    [one] one second
   *[other] { $count } seconds
}
