${env:@NAME@} = @VALUE@
