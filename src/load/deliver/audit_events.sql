select * from named_events where seq > $after and seq <= $to
