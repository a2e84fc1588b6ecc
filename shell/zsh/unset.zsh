unset -v @NAME@
