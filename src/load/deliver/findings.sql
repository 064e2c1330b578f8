select * from internal.findings where seq > $after and seq <= $to
