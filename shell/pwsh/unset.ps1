Remove-Item -LiteralPath Env:@NAME@ -ErrorAction Ignore
